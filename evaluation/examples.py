"""Chooses ten example explanations of a run, by a rule and a seed, not by hand."""
import numpy as np

from evaluation import explained

EACH, COUNT, TOP = 3, 10, 3  # worst and best examples each; examples in all; reviews shown of each
BY = "agreement_cosine_1"  # cosine similarity of the review shown first to the review that the user went on to write
RULE = (f"the {EACH} worst and the {EACH} best test pairs by the similarity of the review shown first to the review "
        "that the user went on to write, and others drawn at random")


def chosen(run, measures, seed):
    """The records of the examples, those of `explained.explanations` with further keys.

    "why" is "worst", "best" or "random", "given" the stars and "wrote" the text of the held-out review, "shown" the
    number of reviews of the item; "reviews" are the first TOP of them.

    Args:
      run: Trained.
      measures: {measure: [n]} of the network on the test pairs.
      seed: of the random choice.
    """
    test, names = run.artefact.test, explained.Names(run.data_folder)
    rows = which(measures.get(BY, np.full(len(test.user), np.nan)), seed)
    if not rows:
        return []
    pairs = [(test.user[row], test.item[row]) for row, _ in rows]
    records = []
    for (row, why), record in zip(rows, explained.explanations(run, names, pairs)):
        own = names.review(test.review[row])
        records.append(dict(record, why=why, given=float(test.rating[row]), wrote=own["text"],
                            shown=len(record["reviews"]), reviews=record["reviews"][:TOP]))
    return records


def which(values, seed):
    """[(row, "worst", "best" or "random")] of at most COUNT pairs, by a measure [n], NaN where undefined."""
    defined = np.nonzero(np.isfinite(values))[0]
    order = defined[np.argsort(values[defined], kind="stable")]
    each = min(EACH, len(order) // 2)
    picked = [(row, "worst") for row in order[:each]]
    picked += [(row, "best") for row in order[len(order) - each:][::-1]]
    rest = np.setdiff1d(np.arange(len(values)), [row for row, _ in picked])
    drawn = np.random.RandomState(seed).permutation(rest)[:COUNT - len(picked)]
    return picked + [(row, "random") for row in drawn]
