"""Suggests shoppers to start with: active ones whose words differ most from each other's; readable names of shoppers.

No model is used. The typical words of a shopper recur in the shopper's reviews and are rare among other active
shoppers. What a word is, the tokeniser of the run decides (`preprocessing/tokenise.py`), so they exist in every script.
"""
import collections
import functools
import math
import unicodedata
from typing import NamedTuple

from flask_app.storage.store import Store
from flask_app.web.render import excerpt
from preprocessing import sentences
from preprocessing.tokenise import Unicode

POOL = 120  # most active shoppers to choose among
REVIEWS = 40  # reviews read of each
TYPICAL = 30  # typical words kept of each
RARE, COMMON = .04, .7  # shares of the pool between which a word's users must lie for it to be typical
LONG, LONG_WITHOUT_CASE = 4, 2  # letters of a typical word, in scripts with small letters and in all others
NAMED = 2  # aspects in a name
LEAST_WEIGHT, LEAST_MENTIONS = .4, 2  # of an aspect that is named: weight 0..1 of the interest, and own reviews


class Suggestion(NamedTuple):
    user: int  # row
    user_id: str
    rating_count: int
    words: tuple  # the most typical first
    quote: str  # one sentence of this shopper


@functools.lru_cache(maxsize=4)
def suggested(path, stamp, count=6, tokeniser=Unicode):
    """Suggests shoppers from the catalogue at `path`.

    Args:
      path: the catalogue.
      stamp: any value that changes when the file does; the result is cached for each.
      count: the number of suggestions, at most.
      tokeniser: the rule of words, one of `tokenise.TOKENISERS`.

    Returns:
      A tuple of `Suggestion`, the most active first.
    """
    store = Store(path)
    try:
        shoppers = store.active_shoppers(POOL)
        texts = store.texts_by([shopper["user"] for shopper in shoppers], REVIEWS)
    finally:
        store.close()
    typical = _typical_words(texts, tokeniser)
    chosen = _contrasting([shopper["user"] for shopper in shoppers], typical, count)
    return tuple(Suggestion(shopper["user"], shopper["user_id"], shopper["rating_count"],
                            tuple(typical[shopper["user"]])[:5],
                            _quote(texts[shopper["user"]], typical[shopper["user"]], tokeniser))
                 for shopper in shoppers if shopper["user"] in chosen)


def name_of(user, reviews, aspects):
    """The name of a shopper of the data, plain text, which reads after "the". Two shoppers may have one name.

    Args:
      user: row.
      reviews: number of training reviews.
      aspects: `storage.aspects.Aspects`, or None.
    """
    count = f"{reviews} review{'' if reviews == 1 else 's'}"
    found = telling(aspects.interests(user)) if aspects else []
    if not found:
        return f"shopper with {count}"
    names = [_isolated("-".join(aspects.name(interest.aspect).split(" & ")[0].split())) for interest in found]
    return f"{'- and '.join(names)}-minded shopper with {count}"


def _isolated(name):
    """A name between the signs of Unicode that keep it from reordering the English words around it.

    Only a name that is written from right to left needs them.
    """
    is_from_right = any(unicodedata.bidirectional(char) in ("R", "AL") for char in name)
    return f"\u2068{name}\u2069" if is_from_right else name


def telling(interests):
    """At most NAMED interests of a shopper that tell most, by falling weight."""
    chosen = [interest for interest in interests
              if interest.weight >= LEAST_WEIGHT and interest.mentions >= LEAST_MENTIONS]
    return sorted(chosen, key=lambda interest: (-interest.weight, interest.aspect))[:NAMED]


def most_different(suggestions, user_id, texts, tokeniser=Unicode):
    """The suggested shopper, other than `user_id`, whose words occur least often in these texts, or None."""
    counts = collections.Counter(word for text in texts for word in _words(text, tokeniser))
    others = [suggestion for suggestion in suggestions if suggestion.user_id != user_id]
    return min(others, default=None, key=lambda suggestion: sum(counts[word] for word in suggestion.words))


def _words(text, tokeniser):
    """The words of a text that can be typical: neither short nor a number, an emoji or a contraction."""
    return {word for word in tokeniser.words(text) if word[0].isalpha() and "'" not in word
            and len(word) >= (LONG if word.upper() != word else LONG_WITHOUT_CASE)}


def _typical_words(texts, tokeniser):
    """{user: [text]} to {user: {word: weight}}, of unit length, the largest weight first.

    The weight of a word is the number of the user's reviews that hold it, times the logarithm of how much more often
    the user writes it than the pool does.
    """
    counts = {user: collections.Counter(word for text in written for word in _words(text, tokeniser))
              for user, written in texts.items()}
    spread = collections.Counter(word for words in counts.values() for word in words)
    total = sum(counts.values(), collections.Counter())
    reviews = sum(map(len, texts.values()))
    typical = {}
    for user, words in counts.items():
        weights = {word: count * math.log(count * reviews / (len(texts[user]) * total[word]))
                   for word, count in words.items()
                   if count > 1 and RARE <= spread[word] / len(texts) <= COMMON}
        top = sorted((word for word in weights if weights[word] > 0),
                     key=lambda word: (-weights[word], word))[:TYPICAL]
        length = math.sqrt(sum(weights[word] ** 2 for word in top))
        typical[user] = collections.OrderedDict((word, weights[word] / length) for word in top)
    return typical


def _contrasting(users, typical, count):
    """Repeatedly adds the user least similar to those chosen; users without typical words come last."""
    todo = [user for user in users if typical[user]]
    chosen = todo[:1]
    while len(chosen) < min(count, len(todo)):
        chosen.append(min((user for user in todo if user not in chosen),
                          key=lambda user: max(_cosine(typical[user], typical[other])
                                               for other in chosen)))
    return set(chosen + [user for user in users if not typical[user]][:count - len(chosen)])


def _cosine(weights, others):
    return sum(weight * others.get(word, 0) for word, weight in weights.items())


def _quote(texts, weights, tokeniser):
    """The sentence with the largest sum of word weights for its length."""
    found = [sentence for text in texts for sentence in sentences.of(text)
             if 40 <= len(sentence) <= 160] or [excerpt(text) for text in texts]
    return max(found, key=lambda sentence: sum(weights.get(word, 0) for word in _words(sentence, tokeniser))
               / math.sqrt(len(sentence) + 1))
