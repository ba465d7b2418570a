"""Suggested shoppers: active ones whose own words differ most from each other's.

No model takes part: a taste is the words that come back in a shopper's reviews and are rare among
other active shoppers.
"""
import collections
import functools
import math
import re
from typing import NamedTuple

from flask_app.storage.store import Store
from flask_app.web.render import plain

POOL = 120  # most active shoppers to choose among
REVIEWS = 40  # reviews read of each
TASTE = 30  # words of a taste
RARE, COMMON = .04, .7  # a word that fewer of the pool use is a quirk, that more use is no taste
_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Suggestion(NamedTuple):
    user_id: str
    rating_count: int
    words: tuple  # the most telling first
    quote: str  # one sentence of theirs


@functools.lru_cache(maxsize=4)
def suggested(path, stamp, count=6):
    """Suggests shoppers from the catalogue at `path`.

    Args:
      path: the catalogue.
      stamp: anything that changes when the file does; the answer is kept for each.
      count: how many at most.

    Returns:
      A tuple of `Suggestion`, the most active first.
    """
    store = Store(path)
    try:
        shoppers = store.active_shoppers(POOL)
        texts = {user: [plain(text) for text in written] for user, written
                 in store.texts_by([shopper["user"] for shopper in shoppers], REVIEWS).items()}
    finally:
        store.close()
    tastes = _tastes(texts)
    chosen = _contrasting([shopper["user"] for shopper in shoppers], tastes, count)
    return tuple(Suggestion(shopper["user_id"], shopper["rating_count"],
                            tuple(tastes[shopper["user"]])[:5],
                            _quote(texts[shopper["user"]], tastes[shopper["user"]]))
                 for shopper in shoppers if shopper["user"] in chosen)


def most_different(suggestions, user_id, texts):
    """The suggested shopper, not `user_id`, whose words are least in these texts, or None."""
    written = collections.Counter(word for text in texts for word in _words(text))
    others = [other for other in suggestions if other.user_id != user_id]
    return min(others, default=None, key=lambda other: sum(written[word] for word in other.words))


def _words(text):
    return set(_WORD.findall(text.lower()))


def _tastes(texts):
    """{user: [text]} to {user: {word: weight}}, unit length, heaviest word first.

    A word weighs the reviews it stands in, times the log of how much more often this user writes it
    than the pool does.
    """
    counts = {user: collections.Counter(word for text in written for word in _words(text))
              for user, written in texts.items()}
    spread = collections.Counter(word for words in counts.values() for word in words)
    total = sum(counts.values(), collections.Counter())
    reviews = sum(map(len, texts.values()))
    tastes = {}
    for user, words in counts.items():
        weights = {word: count * math.log(count * reviews / (len(texts[user]) * total[word]))
                   for word, count in words.items()
                   if count > 1 and RARE <= spread[word] / len(texts) <= COMMON}
        top = sorted((word for word in weights if weights[word] > 0),
                     key=lambda word: (-weights[word], word))[:TASTE]
        length = math.sqrt(sum(weights[word] ** 2 for word in top))
        tastes[user] = collections.OrderedDict((word, weights[word] / length) for word in top)
    return tastes


def _contrasting(users, tastes, count):
    """Greedily takes the user least like those taken; those without a taste come last."""
    todo = [user for user in users if tastes[user]]
    chosen = todo[:1]
    while len(chosen) < min(count, len(todo)):
        chosen.append(min((user for user in todo if user not in chosen),
                          key=lambda user: max(_cosine(tastes[user], tastes[other])
                                               for other in chosen)))
    return set(chosen + [user for user in users if not tastes[user]][:count - len(chosen)])


def _cosine(taste, other):
    return sum(weight * other.get(word, 0) for word, weight in taste.items())


def _quote(texts, taste):
    """The sentence that says most of a taste: its words' weights against its length."""
    sentences = [sentence for text in texts for sentence in _SENTENCE.split(text)
                 if 40 <= len(sentence) <= 160] or [text[:160] for text in texts]
    return max(sentences, key=lambda sentence: sum(taste.get(word, 0) for word in _words(sentence))
               / math.sqrt(len(sentence) + 1))
