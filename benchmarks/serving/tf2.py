"""`./run bench tf2`: whether an exported model answers alike in another environment, of TensorFlow 2.

Make one first, for instance `python3.12 -m venv DIR && DIR/bin/pip install tensorflow-cpu`.
"""
import os
import subprocess
import tempfile

import numpy as np

from benchmarks.flags import say, verdict
from benchmarks.serving import served_model
from runtime import cli
from runtime.cli import UserError

MOST = 1e-4  # of difference, absolute
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tf2_client.py")


def parse_args(argv=None):
    parser = cli.Parser("./run bench tf2", description=__doc__)
    parser.add_argument("--python", required=True, help="of the other environment")
    parser.add_argument("--model", default="model_serve/1", help="folder of a version")
    parser.add_argument("--requests", type=int, default=5, help="of each signature")
    args = parser.parse_args(argv)
    if args.requests < 1:
        parser.error(f"--requests {args.requests}: give 1 or more")
    if not os.path.isfile(os.path.join(args.model, "saved_model.pb")):
        parser.error(f"--model {args.model}: no SavedModel there; make one with ./run export")
    return args


def ask_there(python, model, requests):
    """(what the other environment says of itself, {key: array}) for requests {key: array}."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        asked, said = (os.path.join(folder, name) for name in ("requests.npz", "answers.npz"))
        np.savez(asked, **requests)
        try:
            ended = subprocess.run([python, SCRIPT, os.path.abspath(model), asked, said], cwd=folder,
                                   env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3"},
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise UserError(f"--python {python}: cannot be run ({error.strerror}); name a Python that has "
                            "TensorFlow 2") from error
        if ended.returncode:
            last = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise UserError(f"--python {python}: ended with code {ended.returncode}: {last[-1]}")
        with np.load(said, allow_pickle=False) as answers:
            return ended.stdout.decode().strip(), {key: answers[key] for key in answers.files}


def differences(here, there):
    """{signature: largest difference of its outputs}; infinite where shapes or names differ."""
    found = {}
    for key in set(here) | set(there):
        alike = key in here and key in there and np.shape(here[key]) == np.shape(there[key])
        difference = np.abs(here[key] - there[key]).max(initial=0) if alike else np.inf
        signature = key.split()[0]
        found[signature] = max(found.get(signature, 0), float(difference))
    return found


def main(argv=None):
    args = parse_args(argv)
    asked = {(name, number): request for name, several in served_model.requests(args.model, args.requests).items()
             for number, request in enumerate(several)}
    session, here, sent = served_model.Session(args.model), {}, {}
    for (name, number), request in asked.items():
        sent.update({f"{name} {number} {key}": value for key, value in request.items()})
        here.update({f"{name} {number} {key}": value for key, value in session(name, request).items()})
    said, there = ask_there(args.python, args.model, sent)
    say(said)
    found = differences(here, there)
    for name, difference in sorted(found.items()):
        say(f"  {name:18} largest difference {difference:.1e}")
    met = max(found.values()) <= MOST
    say(f"at most {MOST:g}: {verdict(met)}")
    return 0 if met else 1


if __name__ == "__main__":
    cli.run(main)
