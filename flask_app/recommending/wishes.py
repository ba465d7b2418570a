"""What a visitor wants and avoids, as two parts of the score of every item.

Legend: `I` items, `K` aspects of the run's tables (`models/run_folder/aspect_tables.py`).

The served model knows what a text is about, but not whether its author wants it or not: "I want batteries" and "I do
not want batteries" are nearly the same words. What the reviews of an item say for or against a wish is therefore
counted here, by their aspects and polarity, and is added to the score of the model as parts of their own:

  wanted    the share of praise among the reviews that speak of the aspect
  avoided   the share of the reviews that speak of the aspect badly; one that praises it counts for PRAISED of this,
            because who avoids a thing ("batteries") does not want to read of it at all

Both are damped towards the mean of the catalogue by PRIOR reviews, so that one review moves an item little, and are
standardised over the catalogue. The unit is the spread of the model's own scores over the catalogue, so that a wish
weighs the same for each export and each visitor.
"""
from typing import NamedTuple

import numpy as np

from flask_app.recommending.reasons import parts_of

WANTED, AVOIDED = "wanted", "avoided"
PRIOR = 5  # reviews like the mean of the catalogue that are added to those of each item
PRAISED = .25  # what a review that praises an avoided aspect counts, of what one counts that criticises it
STRENGTH = {WANTED: 1., AVOIDED: 2.}  # spreads of the model's scores by which one spread of a wish moves an item


class Wishes(NamedTuple):
    """The aspects that a visitor wants and avoids."""
    aspects: object  # `storage.aspects.Aspects`
    wanted: tuple = ()  # numbers of aspects
    avoided: tuple = ()

    def parts(self, spread):
        """{kind: {aspect: [I] what the wish adds to each item's score}} of the kinds that are wished.

        `spread` is the standard deviation of the model's scores over the catalogue.
        """
        tables = self.aspects.tables
        mentions, praise, reviews = (np.asarray(array, float) for array in (
            tables.item_mentions, tables.item_praise, tables.item_reviews[:, np.newaxis]))
        against = mentions - (1 - PRAISED) * praise
        values = {WANTED: _damped(praise, mentions), AVOIDED: -_damped(against, reviews + 0 * mentions)}
        return {kind: {aspect: STRENGTH[kind] * spread * _standard(values[kind][:, aspect]) / len(chosen) ** .5
                       for aspect in chosen}
                for kind, chosen in ((WANTED, self.wanted), (AVOIDED, self.avoided)) if chosen}


def _damped(counts, of):
    """The shares counts / of [I, K], with PRIOR added that have the mean share of the aspect."""
    mean = counts.sum(0) / np.maximum(of.sum(0), 1e-12)
    return (counts + PRIOR * mean) / (of + PRIOR)


def _standard(values):
    """Values [I] with mean 0 and spread 1; all 0 where they are alike."""
    centred = values - values.mean()
    spread = centred.std()
    return centred / spread if spread > 1e-9 else np.zeros(len(values))


def added(reasons, parts):
    """Reasons with further parts.

    Args:
      reasons: `reasons.Reasons`.
      parts: {kind: {aspect: part of the score}}.
    """
    sums = [(kind, sum(of_aspects.values())) for kind, of_aspects in parts.items()]
    return reasons._replace(score=reasons.score + sum(part for _, part in sums), parts=parts_of(
        [(reason.kind, reason.part) for reason in reasons.parts] + sums), wished=tuple(
            pair for of_aspects in parts.values() for pair in of_aspects.items()))
