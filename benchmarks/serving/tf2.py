"""`./run bench tf2`: whether an exported model gives the same answers in an environment with TensorFlow 2.

Create that environment first, for instance `python3.12 -m venv DIR && DIR/bin/pip install tensorflow-cpu`.
"""
import os
import subprocess
import tempfile
from typing import NamedTuple

import numpy as np

from benchmarks.report import say, verdict
from benchmarks.serving import served_model
from models.run_folder import layout
from runtime import cli
from runtime.cli import UserError

MAX_DIFFERENCE = 1e-4  # absolute
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tf2_client.py")


def parse_args(argv=None):
    parser = cli.Parser("./run bench tf2", description=__doc__)
    parser.add_argument("--python", required=True, help="path of the Python in the other environment")
    parser.add_argument("--model", default=os.path.join(layout.MODELS, "1"), help="folder of a version")
    parser.add_argument("--requests", type=int, default=5, help="number of requests of each signature")
    args = parser.parse_args(argv)
    if args.requests < 1:
        parser.error(f"--requests {args.requests}: give 1 or more")
    if not os.path.isfile(os.path.join(args.model, "saved_model.pb")):
        parser.error(f"--model {args.model}: no SavedModel there; ./run export writes one")
    return args


class OtherAnswers(NamedTuple):
    """The answers of the other environment."""
    environment: str  # its versions, one line
    outputs: dict  # {key: array}


def run_in_other_environment(python, model, requests):
    """Returns the `OtherAnswers` to requests {key: array}. Raises `UserError`."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        requests_path, answers_path = (os.path.join(folder, name) for name in ("requests.npz", "answers.npz"))
        np.savez(requests_path, **requests)
        try:
            process = subprocess.run([python, SCRIPT, os.path.abspath(model), requests_path, answers_path], cwd=folder,
                                     env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3"},
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise UserError(f"--python {python}: cannot be run ({error.strerror}); give the path of a Python with "
                            "TensorFlow 2") from error
        if process.returncode:
            lines = process.stderr.decode("utf-8", "replace").strip().splitlines() or ["no output"]
            raise UserError(f"--python {python}: ended with code {process.returncode}: {lines[-1]}")
        with np.load(answers_path, allow_pickle=False) as answers:
            return OtherAnswers(process.stdout.decode().strip(), {key: answers[key] for key in answers.files})


def differences(here, there):
    """Returns {signature: largest absolute difference of its outputs}; infinite if shapes or names differ."""
    largest = {}
    for key in set(here) | set(there):
        comparable = key in here and key in there and np.shape(here[key]) == np.shape(there[key])
        difference = np.abs(here[key] - there[key]).max(initial=0) if comparable else np.inf
        signature = key.split()[0]
        largest[signature] = max(largest.get(signature, 0), float(difference))
    return largest


def main(argv=None):
    args = parse_args(argv)
    requests = {(name, number): request for name, of_name in served_model.requests(args.model, args.requests).items()
                for number, request in enumerate(of_name)}
    cli.log.info("running %d requests in this environment", len(requests))
    session, here, inputs = served_model.Session(args.model), {}, {}
    for (name, number), request in requests.items():
        inputs.update({f"{name} {number} {key}": value for key, value in request.items()})
        here.update({f"{name} {number} {key}": value for key, value in session(name, request).items()})
    cli.log.info("running them with %s", args.python)
    there = run_in_other_environment(args.python, args.model, inputs)
    say(there.environment)
    largest = differences(here, there.outputs)
    for name, difference in sorted(largest.items()):
        say(f"  {name:18} largest difference {difference:.1e}")
    met = max(largest.values()) <= MAX_DIFFERENCE
    say(f"target at most {MAX_DIFFERENCE:g}: {verdict(met)}")
    return 0 if met else 1


if __name__ == "__main__":
    cli.run(main)
