"""Ten explained examples of a run, chosen by a rule and a seed, not by hand."""
import numpy as np

from evaluation import explained

EACH, COUNT, TOP = 3, 10, 3  # worst and best each; examples in all; reviews shown of each
BY = "agreement_cosine_1"  # likeness of the first shown review to what the shopper went on to write
RULE = (f"the {EACH} worst and the {EACH} best by the likeness of the first shown review to what the shopper "
        "went on to write, the others by chance")


def chosen(run, measured, seed):
    """The records of the examples: `explained.explanations`' with "why", "given" stars and "wrote".

    Args:
      run: Trained.
      measured: {measure: [n]} of the network on the test pairs.
      seed: of what is chosen by chance.
    """
    test, names = run.artefact.test, explained.Names(run.data_folder)
    rows = which(measured.get(BY, np.full(len(test.user), np.nan)), seed)
    if not rows:
        return []
    pairs = [(test.user[row], test.item[row]) for row, _ in rows]
    records = []
    for (row, why), record in zip(rows, explained.explanations(run, names, pairs)):
        own = names.review(test.review[row])
        records.append(dict(record, why=why, given=float(test.rating[row]), wrote=own["text"],
                            title=names.title(test.item[row]), shown=len(record["reviews"]),
                            reviews=record["reviews"][:TOP]))
    return records


def which(values, seed):
    """[(row, "worst", "best" or "random")] of at most COUNT pairs, by a measure [n], NaN where undefined."""
    known = np.nonzero(np.isfinite(values))[0]
    order = known[np.argsort(values[known], kind="stable")]
    each = min(EACH, len(order) // 2)
    picked = [(row, "worst") for row in order[:each]]
    picked += [(row, "best") for row in order[len(order) - each:][::-1]]
    rest = np.setdiff1d(np.arange(len(values)), [row for row, _ in picked])
    drawn = np.random.RandomState(seed).permutation(rest)[:COUNT - len(picked)]
    return picked + [(row, "random") for row in drawn]
