"""The artefact of a command that reads its files once, beside one that is computed in memory by obvious steps."""
import collections
import random

import numpy as np
import pytest

from preprocessing import __main__ as preprocess
from preprocessing import artefact as contract
from preprocessing import bag, catalogue, vectors
from preprocessing.corpus import token_rows
from preprocessing.tokenise import Unicode
from tests.preprocessing.writing import record, write_lines

WORDS = "loud quiet \u0437\u0432\u0443\u043a don't 3.5 caf\u00e9 \u97f3\u697d strong weak cheap".split()


@pytest.fixture(scope="module")
def records():
    """227 records, with repeated pairs, empty texts and missing times."""
    draw = random.Random(7)
    return [record(reviewerID=f"u{draw.randrange(17)}", asin=f"i{draw.randrange(13)}", overall=draw.randrange(1, 6),
                   reviewText=" ".join(draw.choices(WORDS, k=draw.choice([0, 1, 5, 31]))),
                   summary=draw.choice(["", "S"]), helpful=[draw.randrange(4), 4],
                   unixReviewTime=draw.choice([None, 1300000000 + draw.randrange(50)]))
            for _ in range(227)]


@pytest.fixture(scope="module")
def reviews(records):
    """The records that stay, the last by time of each pair."""
    kept = {}
    for each in records:
        pair = each["reviewerID"], each["asin"]
        if pair not in kept or each.get("unixReviewTime", 0) >= kept[pair].get("unixReviewTime", 0):
            kept[pair] = each
    return list(kept.values())


@pytest.fixture(scope="module", params=[3, 8192])
def made(request, records, tmp_path_factory):
    """The folder that the command writes of two files, with pieces of several sizes."""
    folder, before = tmp_path_factory.mktemp("made"), token_rows.BLOCK
    paths = [write_lines(folder / "a.json", records[:100]), write_lines(folder / "b.json.gz", records[100:], True)]
    token_rows.BLOCK = request.param
    try:
        preprocess.main(["--reviews"] + paths + ["--name", "made", "--data_dir", str(folder), "--word_dim", "5",
                                                 "--topics", "4"])
    finally:
        token_rows.BLOCK = before
    return str(folder / "made")


def test_arrays_of_reviews_and_splits(made, reviews):
    a = contract.load(made)
    users, items = (list(dict.fromkeys(each[name] for each in reviews)) for name in ("reviewerID", "asin"))
    assert [row[0] for row in catalogue.of(made).execute("SELECT user_id FROM users ORDER BY user")] == users
    columns = {"user": [users.index(each["reviewerID"]) for each in reviews],
               "item": [items.index(each["asin"]) for each in reviews], "rating": [each["overall"] for each in reviews],
               "time": [each.get("unixReviewTime", 0) for each in reviews],
               "helpful": [each["helpful"][0] for each in reviews]}
    for name, column in columns.items():
        assert getattr(a, "review_" + name).tolist() == [0] + column
    order = np.random.RandomState(2017).permutation(len(reviews))
    for name, rows in zip(contract.SPLITS, np.split(order, [int(.8 * len(order)), int(.9 * len(order))])):
        assert getattr(a, name).review.tolist() == (rows + 1).tolist()
        assert getattr(a, name).user.tolist() == np.array(columns["user"])[rows].tolist()
    assert a.meta["dropped"] == {"no user, item or rating": 0, "user and item again": 227 - len(reviews)}


def test_words_and_what_is_learned_of_them(made, reviews):
    a = contract.load(made)
    texts, train = [Unicode.words(each["reviewText"]) for each in reviews], a.train.review - 1
    documents = [texts[row] for row in train if texts[row]]
    counts = collections.Counter(word for document in documents for word in set(document))
    words = sorted((word for word in counts if counts[word] >= 2), key=lambda word: (-counts[word], word))
    assert a.vocabulary[2:] == tuple(words) and a.document_frequency[2:].tolist() == [counts[word] for word in words]
    length = max(1, int(np.percentile([len(texts[row]) for row in train], 90)))
    tokens = np.zeros((len(texts) + 1, length), np.int32)
    for row, text in enumerate(texts, 1):
        ids = [words.index(word) + 2 if word in words else 1 for word in text[:length]]
        tokens[row, :len(ids)] = ids
    np.testing.assert_array_equal(a.review_tokens, tokens)
    np.testing.assert_array_equal(a.word_vectors, vectors.word2vec(documents, a.vocabulary, 5, 2017))
    bags = bag.tfidf(tokens[train + 1], a.document_frequency, len(documents))
    np.testing.assert_array_equal(a.word_topics, vectors.topics(bags, 4, 2017))
    np.testing.assert_array_equal(a.mean_bag, (np.asarray(bags.sum(0)).ravel() / len(documents)).astype(np.float32))


def test_rows_of_the_catalogue(made, records, reviews):
    a = contract.load(made)
    kind = {row: name for name in contract.SPLITS for row in getattr(a, name).review.tolist()}
    rows = [tuple(row) for row in catalogue.of(made).execute("SELECT * FROM reviews")]
    assert rows == [(row, a.review_user[row], a.review_item[row], each["overall"], each["summary"] or None,
                     each["reviewText"], each.get("unixReviewTime"), *each["helpful"], kind[row])
                    for row, each in enumerate(reviews, 1)]
    pairs = [(each["reviewerID"], each["asin"]) for each in records]
    again = next(row for row, pair in enumerate(pairs) if pair in pairs[:row])
    assert a.meta["reading"]["dropped_examples"]["user and item again"].endswith(f"a.json:{again + 1}")
