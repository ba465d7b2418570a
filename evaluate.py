"""`./run evaluate`: a run's test ratings and explanations -> runs/<name>/evaluation/report.json.

The only command that reads the test split.
"""
import json
import os

import numpy as np

import command
from command import UserError
from evaluation import explanation, planted, rating
from models import baselines, runs, trained
from preprocessing import catalogue

NETWORK = "deeprecsys"
TRUTH = "truth.json"


def parse_args(argv=None):
    parser = command.Parser("./run evaluate", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--truth", help="planted truth of the sample corpus; by default what came with the data")
    parser.add_argument("--seed", type=int, default=0, help="of the random and the swapped control")
    return parser.parse_args(argv)


def ratings(run, outputs):
    """{model: {"rmse", "mae"}} of the network and the baselines on the test pairs, in stars."""
    a = run.artefact
    offsets = run.corpus.offsets
    factors = baselines.choose_factors(a.train, a.validation, offsets, run.config.seed)
    test = a.test
    predicted = {NETWORK: outputs.rating, "mean": np.full(len(test.user), offsets.mean),
                 "bias": offsets.predict(test.user, test.item), "mf": factors.predict(test.user, test.item)}
    return {model: {"rmse": rating.rmse(stars, test.rating), "mae": rating.mae(stars, test.rating)}
            for model, stars in predicted.items()}


def retrieval(run, own, outputs, item_slots):
    """Does the shopper's query find the shopper's own held-out review among the item's reviews?"""
    real = item_slots > 0
    own = np.where(run.artefact.review_length[run.artefact.test.review] > 0, own, np.nan)
    return {"retrieval_auc": explanation.retrieval_auc(own, outputs.personal, real),
            "retrieval_mrr": explanation.reciprocal_rank(own, outputs.personal, real)}


def planted_truth(outputs, swapped, item_slots, relevant, random):
    """Attention against planted relevance, beside controls: the query of another shopper, uniform, random."""
    real = item_slots > 0
    scores = {"": outputs.personal, "_shown": outputs.item_weights, "_swapped": swapped.personal,
              "_uniform": np.zeros_like(outputs.personal), "_random": random.random_sample(real.shape)}
    found = {f"planted_auc{name}": explanation.auc(score, relevant, real) for name, score in scores.items()}
    for name in ("", "_swapped", "_random"):
        found[f"planted_precision_at_3{name}"] = explanation.precision_at(3, scores[name], relevant, real)
    return found


def read_truth(path):
    """The record of truth.json, or None where there is none."""
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not the truth of a sample corpus ({error}); make the sample anew") from error


def raw_ids(data_folder):
    """(user ids by number, {review row: (user id, item id)}) of the catalogue."""
    path = os.path.join(data_folder, "catalogue.sqlite")
    try:
        connection = catalogue.connect(path)
    except FileNotFoundError as error:
        raise UserError(f"{path}: no catalogue there; preprocess again") from error
    users = [row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user")]
    reviews = {row[0]: (row[1], row[2]) for row in connection.execute(
        "SELECT review, user_id, item_id FROM reviews JOIN users USING (user) JOIN items USING (item)")}
    connection.close()
    return users, reviews


def report(run, truth, seed):
    """The record of report.json. Measures that do not apply are absent."""
    random, test = np.random.RandomState(seed), run.artefact.test
    outputs, own, item_slots, _ = run.predictor(test.user, test.item, test.review)
    other = explanation.strangers(test.user, random)
    swapped = run.predictor(other, test.item)[0]
    found = retrieval(run, own, outputs, item_slots)
    if truth is not None:
        users, reviews = raw_ids(run.data_folder)
        try:
            relevant = planted.relevance(truth, reviews, [users[user] for user in test.user], item_slots)
        except (KeyError, TypeError) as error:
            raise UserError(f"{TRUTH}: does not know {error}; it is not the truth of this corpus") from error
        found.update(planted_truth(outputs, swapped, item_slots, relevant, random))
    means = {name: explanation.mean(values) for name, values in found.items()}
    return {"data": run.record["data"], "run": None, "preset": run.record["preset"],
            "test_pairs": len(test.user), "ratings": ratings(run, outputs),
            "explanation": {name: value for name, value in means.items() if value is not None}}


def table(record):
    """The report as lines for a terminal."""
    lines = [f"{record['data']}, run {record['run']}, {record['test_pairs']} test pairs", "",
             f"{'model':<14}{'RMSE':>9}{'MAE':>9}"]
    lines += [f"{model:<14}{scores['rmse']:>9.4f}{scores['mae']:>9.4f}"
              for model, scores in sorted(record["ratings"].items(), key=lambda entry: entry[1]["rmse"])]
    lines += ["", f"{'explanation':<34}{'value':>8}"]
    return "\n".join(lines + [f"{name:<34}{value:>8.4f}" for name, value in record["explanation"].items()])


def main(argv=None):
    args = parse_args(argv)
    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(folder)
    truth = read_truth(args.truth or os.path.join(run.data_folder, TRUTH))
    if args.truth and truth is None:
        raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
    with command.stage("evaluation"):
        record = dict(report(run, truth, args.seed), run=os.path.basename(os.path.normpath(folder)))
    os.makedirs(os.path.join(folder, "evaluation"), exist_ok=True)
    runs.write_json(os.path.join(folder, "evaluation", "report.json"), record)
    print(table(record))


if __name__ == "__main__":
    command.run(main)
