"""What of a corpus is covered: items by metadata, letters by the tokeniser; and texts that many users share."""
import numpy as np

from preprocessing.corpus.token_rows import pieces
from preprocessing.reading.tally import short
from preprocessing.tokenise import Published
from runtime.cli import UserError

MANY_USERS = 3


def reading(corpus, items, counts, item_counts, meta_files):
    """What reading has counted, for meta.json. Raises UserError where no item of the reviews has metadata.

    Args:
      corpus, items: `Corpus`, {item id: Item}.
      counts, item_counts: the `Tally` of each.
      meta_files: paths of the metadata; [] where there are none.
    """
    result = dict(counts.summary(), shared_texts=shared_texts(corpus))
    if meta_files:
        ids = corpus.item_ids
        described = sum(item_id in items for item_id in ids)
        if not described:
            raise _of_other_items(ids, items, meta_files[0])
        result.update(items=len(ids), items_with_metadata=described,
                      metadata=dict(item_counts.summary(), dropped=item_counts.lost()))
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


def shared_texts(corpus):
    """Number of reviews whose text, a long one, is that of MANY_USERS or more users."""
    rows = np.flatnonzero(corpus.digest)
    _, text, times = np.unique(corpus.digest[rows], return_inverse=True, return_counts=True)
    pairs = np.unique(text.astype(np.int64) * len(corpus.user_ids) + corpus.user[rows])  # of text and user
    users = np.bincount(pairs // len(corpus.user_ids), minlength=len(times))
    return int(times[users >= MANY_USERS].sum())


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


def letters(corpus):
    """Share of the letters of the reviews that stand in their words; 1 where there are none."""
    if corpus.tokeniser is not Published:  # the other one reads every script
        return 1.
    counts = np.zeros(len(corpus.words), np.int64)
    for rows in pieces(np.arange(len(corpus))):
        counts += np.bincount(corpus.numbers(rows)[0], minlength=len(counts))
    read = sum(len(word) * count for word, count in zip(corpus.words, counts.tolist()))
    other = int(corpus.other_letters.sum(dtype=np.int64))
    return read / (read + other) if read + other else 1.


def no_words(has_text, with_words, share, min_reviews):
    """The UserError of training reviews without a vocabulary: what they lack.

    Args:
      has_text: [n] bool, whether each training review has a text.
      with_words: number of training reviews with a word.
      share: share of the letters that are read, see `letters`.
      min_reviews: reviews that a word of the vocabulary needs.
    """
    if not has_text.any():
        return UserError(f"the reviews have no text ({len(has_text)} of {len(has_text)} training texts are empty); "
                         "the text is read from columns such as reviewText, text, review_body; name another one with "
                         "--columns text=...")
    if share < .5:
        return UserError(f"the texts hold almost no Latin letters: {100 * share:.1f} % of the letters are read, and "
                         "only a to z are; preprocess with --tokens unicode")
    if not with_words:
        return UserError(f"the texts hold no letter, digit or emoji: none of {len(has_text)} training texts has a "
                         "word; name the column of the text with --columns text=...")
    return UserError(f"no word is in {min_reviews} or more training reviews; give more reviews, or a lower "
                     "--min_reviews")
