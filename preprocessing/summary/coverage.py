"""What of a corpus is covered: items by metadata, letters by the tokeniser; and texts that many users share."""
import re
from collections import Counter

from preprocessing.reading.tally import short
from preprocessing.tokenise import Published
from runtime.cli import UserError

LONG_TEXT = 60  # characters from which on an equal text is no coincidence
MANY_USERS = 3
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z]")


def reading(reviews, items, counts, item_counts, meta_files):
    """What reading has counted, for meta.json. Raises UserError where no item of the reviews has metadata.

    Args:
      reviews, items: [Review], {item id: Item}.
      counts, item_counts: the `Tally` of each.
      meta_files: paths of the metadata; [] where there are none.
    """
    result = dict(counts.summary(), shared_texts=shared_texts(reviews))
    if meta_files:
        ids = list(dict.fromkeys(review.item_id for review in reviews))
        described = sum(item_id in items for item_id in ids)
        if not described:
            raise _of_other_items(ids, items, meta_files[0])
        result.update(items=len(ids), items_with_metadata=described, metadata=item_counts.summary())
    return result


def lines(result, counts, item_counts):
    """The lines of a log about what reading has counted."""
    for path, layout in result["layouts"].items():
        yield f"{path}: {layout}, {result['rows']} rows in all" if len(result["layouts"]) > 1 else \
            f"{path}: {layout}, {result['rows']} rows"
    yield from counts.lines()
    if "items" in result:
        yield f"metadata of {result['items_with_metadata']} of {result['items']} items"
        yield from (f"metadata: {line}" for line in item_counts.lines())


def shared_texts(reviews):
    """Number of reviews whose text, of LONG_TEXT characters or more, is that of MANY_USERS or more users."""
    times = Counter(review.text for review in reviews if len(review.text) >= LONG_TEXT)
    users = {text: set() for text, count in times.items() if count >= MANY_USERS}
    for review in reviews:
        if review.text in users:
            users[review.text].add(review.user_id)
    return sum(times[text] for text, names in users.items() if len(names) >= MANY_USERS)


def _of_other_items(ids, items, path):
    ours, theirs = short(ids[0]), short(next(iter(items)))
    stripped = {item_id.lstrip("0"): item_id for item_id in items}
    lost = next((item_id for item_id in ids if item_id.lstrip("0") in stripped), None)
    if lost is not None:
        ours, theirs = short(lost), short(stripped[lost.lstrip("0")])
        return UserError(f"{path}: metadata of none of the {len(ids)} items: the reviews have {ours} where the "
                         f"metadata has {theirs}: leading zeros are lost; write ids as text in both files")
    return UserError(f"{path}: metadata of none of the {len(ids)} items: the reviews have ids such as {ours}, the "
                     f"metadata such as {theirs}; give the metadata of these items")


def letters(reviews, texts, tokeniser):
    """Share of the letters of the reviews that stand in their words; 1 where there are none.

    Args:
      reviews: [Review].
      texts: the words of each.
      tokeniser: the rule of the words, see `tokenise.TOKENISERS`.
    """
    if tokeniser is not Published:  # the other one reads every script
        return 1.
    read = sum(len(word) for words in texts for word in words)
    other = sum(len(_OTHER_LETTER.findall(review.text)) for review in reviews)
    return read / (read + other) if read + other else 1.


def no_words(train, share, min_reviews):
    """The UserError of training reviews without a vocabulary: what they lack.

    Args:
      train: the training reviews.
      share: share of the letters that are read, see `letters`.
      min_reviews: reviews that a word of the vocabulary needs.
    """
    empty = sum(not review.text for review in train)
    if empty == len(train):
        return UserError(f"the reviews have no text ({empty} of {len(train)} training texts are empty); the text is "
                         "read from columns such as reviewText, text, review_body; name another one with --columns "
                         "text=...")
    if share < .5:
        return UserError(f"the texts hold almost no Latin letters: {100 * share:.1f} % of the letters are read, and "
                         "only a to z are; preprocess with --tokens unicode")
    return UserError(f"no word is in {min_reviews} or more training reviews; give more reviews, or a lower "
                     "--min_reviews")
