"""`./run evaluate`: a run's test ratings and explanations -> runs/<name>/evaluation/report.json.

The only command that reads the test split.
"""
import os

import numpy as np

import command
from command import UserError
from evaluation import comparison, explanation, overlap, planted, rating
from models import baselines, durable, evidence, runs, trained
from preprocessing import catalogue
from preprocessing.tokenise import tokenise

NETWORK, SWAPPED = comparison.OURS, comparison.SWAPPED
TRUTH = "truth.json"
STRANGERS = 8  # other shoppers who are asked about each pair's item
MIXED = {"tfidf_lsi": ("tfidf", "lsi"), "centroid_tfidf": ("centroid", "tfidf")}
MEASURED = {"tfidf_lsi": "retrieval_auc", "centroid_tfidf": "agreement_cosine_1"}
ASKING = (NETWORK, "tfidf", "lsi", "tfidf_lsi")  # methods that know the shopper


def parse_args(argv=None):
    parser = command.Parser("./run evaluate", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--truth", help="planted truth of the sample corpus; by default what came with the data")
    parser.add_argument("--seed", type=int, default=0, help="of the random and the swapped control")
    return parser.parse_args(argv)


def ratings(run, stars):
    """{model: {"rmse", "mae"}} of the network and the baselines on the test pairs, in stars."""
    a = run.artefact
    offsets = run.corpus.offsets
    factors = baselines.choose_factors(a.train, a.validation, offsets, run.config.seed)
    test = a.test
    predicted = {NETWORK: stars, "mean": np.full(len(test.user), offsets.mean),
                 "bias": offsets.predict(test.user, test.item), "mf": factors.predict(test.user, test.item)}
    return {model: {"rmse": rating.rmse(values, test.rating), "mae": rating.mae(values, test.rating)}
            for model, values in predicted.items()}


def explanations(run, words, relevance, random):
    """{method: {measure: [n]}} on the test pairs: the network, it asked by strangers ("swapped"), the rules.

    Args:
      words: `evaluation.overlap.word_counts` of all reviews, by their rows.
      relevance: (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where nothing is planted.
      random: RandomState, for the strangers.
    """
    test, train = run.artefact.test, run.artefact.train
    facts = evidence.facts_of(run, test, words, relevance)
    weights, nobody = rule_weights(run, words), evidence.asked_by_nobody(run, test)
    own = methods(run, test.user, test, nobody, weights)
    strangers = [methods(run, users, test, nobody, weights) for users in explanation.strangers(
        STRANGERS, test.user, test.item, (train.user, train.item), random)]
    found = {name: comparison.measures(*scores, facts) for name, scores in own.items()}
    for name in ASKING:
        found[name]["retrieval_auc_centred"] = comparison.centred(
            own[name][0], [other[name][0] for other in strangers], facts)
    found[SWAPPED] = swapped([other[NETWORK] for other in strangers], facts)
    return found


def methods(run, users, split, nobody, weights):
    """{method: (Scores that find, Scores that are shown)} of the network and the rules, when `users` [n] ask.

    A rule is both itself. `nobody` are the rules that do not know who asks, `weights` those of `rule_weights`;
    without them no rule is mixed.
    """
    asked = evidence.asked_by(run, users, split)
    network = asked.pop("personal"), asked.pop("shown")
    rules = dict(nobody, **asked)
    for name, weight in weights.items():
        one, other = MIXED[name]
        rules[name] = comparison.mixed(rules[one], rules[other], weight)
    return dict({name: (scores, scores) for name, scores in rules.items()}, **{NETWORK: network})


def rule_weights(run, words):
    """{mixed rule: weight of its second part}: the best on validation, by what the rule is good for."""
    split = run.artefact.validation
    facts = evidence.facts_of(run, split, words)
    parts = methods(run, split.user, split, evidence.asked_by_nobody(run, split), {})
    return {name: comparison.best_weight(parts[one][0], parts[other][0], MEASURED[name], facts)
            for name, (one, other) in MIXED.items()}


def swapped(strangers, facts):
    """Measures of the network asked by strangers, each the mean over them."""
    each = [comparison.measures(*scores, facts) for scores in strangers]
    found = {name: np.mean([values[name] for values in each], 0) for name in each[0]}
    first, *others = [personal for personal, _ in strangers]
    return dict(found, retrieval_auc_centred=comparison.centred(first, others, facts))


def read_catalogue(data_folder):
    """(user ids by number, {review row: (user id, item id)}, word counts by row) of the catalogue."""
    connection = catalogue.of(data_folder)
    users = [row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user")]
    reviews = {row[0]: (row[1], row[2]) for row in connection.execute(
        "SELECT review, user_id, item_id FROM reviews JOIN users USING (user) JOIN items USING (item)")}
    texts = connection.execute("SELECT text FROM reviews ORDER BY review")
    words = overlap.word_counts([[]] + [tokenise(text) for text, in texts])
    connection.close()
    return users, reviews, words


def planted_relevance(truth, users, reviews):
    """The function of users [n] and slots [n, R] that says which reviews are relevant; see `planted`."""
    def relevance(user, slots):
        try:
            return planted.relevance(truth, reviews, [users[number] for number in user], slots)
        except (KeyError, TypeError) as error:
            raise UserError(f"{TRUTH}: does not know {error}; it is not the truth of this corpus") from error

    return relevance


def report(run, truth, seed):
    """(The record of report.json, {method: {measure: [n]}} pair by pair). Measures that do not apply are absent."""
    test = run.artefact.test
    users, reviews, words = read_catalogue(run.data_folder)
    if len(users) != len(run.artefact.user_reviews) or words.shape[0] != len(run.artefact.review_length):
        raise UserError(f"{run.data_folder}: the catalogue is not that of the artefact; preprocess again")
    relevance = None if truth is None else planted_relevance(truth, users, reviews)
    random = np.random.RandomState(seed)
    found = explanations(run, words, relevance, random)
    told, rules = comparison.records(found, test.user, random)
    predicted = run.predictor(test.user, test.item, test.review)[0].rating
    return {"data": run.record["data"], "run": None, "preset": run.record["preset"],
            "seed": run.config.seed, "test_pairs": len(test.user), "ratings": ratings(run, predicted),
            "explanation": told, "explanation_rules": rules}, found


def table(record):
    """The report as lines for a terminal."""
    lines = [f"{record['data']}, run {record['run']}, {record['test_pairs']} test pairs", "",
             f"{'model':<14}{'RMSE':>9}{'MAE':>9}"]
    lines += [f"{model:<14}{scores['rmse']:>9.4f}{scores['mae']:>9.4f}"
              for model, scores in sorted(record["ratings"].items(), key=lambda entry: entry[1]["rmse"])]
    told, rules = record["explanation"], record["explanation_rules"]
    shown = [name for name in told if not name.endswith(f"_{SWAPPED}")]
    lines += ["", f"{'explanation':<26}{NETWORK:>11}{'swapped':>9}   best rule; difference and its 95 % interval"]
    for name in shown:
        other = f"{told[name + '_' + SWAPPED]:>9.4f}" if f"{name}_{SWAPPED}" in told else " " * 9
        lines.append(f"{name:<26}{told[name]:>11.4f}{other}   {best_rule(name, rules)}")
    return "\n".join(lines)


def best_rule(name, rules):
    """The rule that is best by a measure and our difference to it, as text."""
    known = [rule for rule in rules if rule != SWAPPED and name in rules[rule].get("difference", {})]
    if not known:
        return ""
    best = max(known, key=lambda rule: rules[rule][name])
    gap = rules[best]["difference"][name]
    return (f"{best} {rules[best][name]:.4f}; {gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}]")


def save(folder, record, found, test):
    """Writes pairs.npz (user, item and `<method>/<measure>` [n] of the test pairs), then report.json, each whole."""
    arrays = {f"{method}/{name}": values for method, measured in found.items() for name, values in measured.items()}
    try:
        os.makedirs(os.path.join(folder, os.path.dirname(runs.REPORT)), exist_ok=True)
        with durable.written(os.path.join(folder, runs.PAIRS)) as out:
            np.savez_compressed(out, user=test.user, item=test.item, **arrays)
        durable.write_json(os.path.join(folder, runs.REPORT), record)
    except OSError as error:
        raise UserError(f"{folder}: the evaluation cannot be written ({durable.reason(error)})") from error


def main(argv=None):
    args = parse_args(argv)
    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(folder)
    truth = durable.read_json(args.truth or os.path.join(run.data_folder, TRUTH))
    if args.truth and truth is None:
        raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
    with command.stage("evaluation"):
        record, found = report(run, truth, args.seed)
    record["run"] = os.path.basename(os.path.normpath(folder))
    save(folder, record, found, run.artefact.test)
    print(table(record))


if __name__ == "__main__":
    command.run(main)
