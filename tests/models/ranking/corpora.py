"""A small corpus with planted co-purchases and texts, for the tests of this folder."""
from types import SimpleNamespace

import numpy as np

from preprocessing.artefact import Split

USERS, ITEMS, WORDS = 61, 13, 23
GROUP = 4  # items 0 to 3 are bought by the first half of the users, items 4 to 7 by the second


def pairs(seed):
    """(user [n], item [n]) without repeats: three of the four items of the user's group, and two of the others."""
    random, user, item = np.random.RandomState(seed), [], []
    for number in range(USERS):
        group = 0 if number < USERS // 2 else GROUP
        chosen = list(group + random.permutation(GROUP)) + list(2 * GROUP + random.permutation(ITEMS - 2 * GROUP)[:2])
        user += [number] * len(chosen)
        item += chosen
    return np.array(user, np.int32), np.array(item, np.int32)


def corpus(seed=0):
    """An artefact, as far as the models of this package read it: of each user one item is for validation, one for test.

    A review has words of its item (2 + item) and of its user's group.
    """
    user, item = pairs(seed)
    random = np.random.RandomState(seed)
    n = len(user)
    tokens = np.zeros((n + 1, 5), np.int32)
    tokens[1:, 0], tokens[1:, 1] = 2 + item, 2 + ITEMS + (user >= USERS // 2)
    tokens[1:, 2] = 4 + ITEMS + random.randint(0, 5, n)
    split = np.zeros(n, int)
    first = np.searchsorted(user, np.arange(USERS))
    split[first], split[first + 1] = 1, 2  # two items of the group
    rows = np.arange(1, n + 1, dtype=np.int32)
    rating = random.randint(1, 6, n).astype(np.float32)
    train, validation, test = (Split(user[split == part], item[split == part], rating[split == part],
                                     rows[split == part]) for part in range(3))
    in_train = tokens[train.review]
    frequency = np.array([(in_train == word).any(1).sum() for word in range(WORDS)], np.int32)
    return SimpleNamespace(
        meta={"training_reviews": len(train.user)}, review_tokens=tokens,
        review_length=np.concatenate([[0], np.full(n, 3)]).astype(np.int32), review_user=np.concatenate([[0], user]),
        review_item=np.concatenate([[0], item]), user_reviews=np.zeros((USERS, 1)), item_reviews=np.zeros((ITEMS, 1)),
        train=train, validation=validation, test=test, document_frequency=frequency,
        word_topics=random.normal(size=(WORDS, 3)).astype(np.float32))


def with_other(artefact, split, seed=1):
    """The artefact with other pairs and texts in a split: items shifted, words drawn anew."""
    changed = SimpleNamespace(**vars(artefact))
    held = getattr(artefact, split)
    setattr(changed, split, held._replace(item=((held.item + 5) % ITEMS).astype(np.int32)))
    changed.review_tokens = artefact.review_tokens.copy()
    changed.review_tokens[held.review, :3] = np.random.RandomState(seed).randint(2, WORDS, (len(held.review), 3))
    return changed
