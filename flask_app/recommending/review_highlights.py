"""Why a review matters to a shopper: its highlighted words, and the most similar sentence of the shopper."""
from typing import NamedTuple, Optional

from flask_app.recommending.own_sentences import OwnSentence, own_sentences
from preprocessing.artefact import UNKNOWN

STRONG, WEAK = .55, .28  # shares of the highest word score among the item's shown reviews
OWN = 60  # own reviews searched for similar sentences


class Highlights(NamedTuple):
    """What a page adds to one review."""
    marks: tuple  # ((start, end, level)) in the text of the review; level 1 or 2
    own: Optional[OwnSentence]
    own_review: object  # the review that the own sentence is from, as given to Highlighter; None


class Highlighter:
    """Highlights reviews for one shopper.

    Args:
      scorer: `word_contributions.WordScorer`; None where the shop has no artefact.
      own: the shopper's own reviews, anything with "text".
      user: the shopper's row; None for a shopper without an id.
      aspects: `storage.aspects.Aspects`: own sentences that speak of none are left out; None: all may be shown.
    """

    def __init__(self, scorer, own, user=None, aspects=None):
        self._scorer, self.own, self._aspects = scorer, list(own), aspects
        self._parsed = scorer.parse([review["text"] for review in self.own]) if scorer else []
        self._query = scorer.query_of(self._parsed, user) if self.knows_words else None

    @property
    def knows_words(self):
        """Whether the shopper has written a word of the vocabulary; where the shop has no artefact, nobody has."""
        return any((parsed.words > UNKNOWN).any() for parsed in self._parsed)

    @property
    def can_be_similar(self):
        """Whether a review may be called similar to what the shopper writes; True where the shop has no artefact."""
        return self._scorer is None or self.knows_words

    @property
    def by_network(self):
        """Whether word scores hold the network's part; otherwise they are TF-IDF similarity alone."""
        return self._query is not None and self._query.query is not None

    def highlights(self, tops):
        """{review row: Highlights} of reviews; `tops`: for each item the WeighedReviews that are shown."""
        if self._query is None:
            return {}
        parsed = [[self._scorer.parse_review(weighed.review["text"]) for weighed in top] for top in tops]
        sentences = iter(own_sentences(self._scorer, self._query, self._parsed[:OWN],
                                       [review.text for reviews in parsed for review in reviews]))
        highlights = {}
        for top, reviews in zip(tops, parsed):
            word_scores = [self._scorer.scores(self._query, review) for review in reviews]
            highest = max((scores.max() for scores in word_scores if len(scores)), default=0)
            for weighed, scores, review in zip(top, word_scores, reviews):
                sentence = self._telling(next(sentences))
                highlights[weighed.review["review"]] = Highlights(
                    _marks(review.text.spans, scores, highest), None if weighed.is_own else sentence,
                    sentence and self.own[sentence.text_index])
        return highlights

    def _telling(self, sentence):
        """An OwnSentence where it speaks of an aspect, else None. Typed texts are in no table of aspects."""
        own = sentence and self.own[sentence.text_index]
        if not sentence or not self._aspects or "review" not in own.keys():
            return sentence
        start = own["text"].find(sentence.sentence.replace(" …", ""))
        end = start + len(sentence.sentence)
        speaks = any(one.aspect >= 0 and one.start < end and start < one.end
                     for one in self._aspects.sentences(own["review"]))
        return sentence if speaks else None


def _marks(spans, scores, highest):
    """The words with high scores; adjacent words of one level become one mark."""
    if highest <= 0:
        return ()
    marks, high = [], scores >= WEAK * highest
    strong = scores[high] >= STRONG * highest
    for (start, end), level in zip(spans[high].tolist(), (1 + strong).tolist()):
        if marks and marks[-1][2] == level and start - marks[-1][1] == 1:
            marks[-1] = (marks[-1][0], end, level)
        else:
            marks.append((start, end, level))
    return tuple(marks)
