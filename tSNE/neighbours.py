"""Shows two users side by side: the words they share, and passages of their reviews with these words."""
import html
import re
import shutil
import textwrap
from itertools import zip_longest
from typing import NamedTuple, Tuple

import numpy as np

from preprocessing import sentences
from tSNE.groups import training_rows
from user_modeling import neighbours as user_neighbours
from user_modeling.neighbours import plain_line

SHARED, QUOTES, LENGTH = 8, 3, 200  # shared words, excerpts per user, characters per excerpt
QUERY = """SELECT rating, coalesce(title, item_id) AS item, text
           FROM reviews JOIN items USING (item)
           WHERE user = ? AND split = 'train' AND text != '' ORDER BY review"""


class Quote(NamedTuple):
    rating: float  # stars
    item: str  # its title, or its id where it has no title
    text: str


class Excerpt(NamedTuple):
    text: str
    count: int  # distinct shared words in it


class Side(NamedTuple):
    user_id: str
    reviews: int  # training reviews with text
    quotes: Tuple[Quote, ...]


class Neighbours(NamedTuple):
    cosine: float  # of their attention queries
    words: Tuple[str, ...]  # that both users wrote, the most distinctive first
    left: Side
    right: Side


def active(artefact):
    """Returns the numbers of active users, by their training reviews; see `user_modeling.neighbours.active`."""
    return user_neighbours.active(np.bincount(training_rows(artefact).author, minlength=len(artefact.user_reviews)))


def shared_words(artefact, scores, pair):
    """Returns at most SHARED words that both users of a pair wrote in training reviews, the most distinctive first.

    Args:
      scores: [V] of words, above 0 for distinctive words.
      pair: two user numbers.
    """
    rows, author, _weight = training_rows(artefact)
    left, right = (artefact.review_tokens[rows[author == user]] for user in pair)
    shared = [word for word in np.intersect1d(left, right) if scores[word] > 0]
    shared.sort(key=lambda word: -scores[word])
    return tuple(artefact.vocabulary[word] for word in shared[:SHARED])


def of_pair(artefact, scores, catalogue, pair):
    """Returns the Neighbours of a maps.Pair.

    Args:
      scores: [V] of words, above 0 for distinctive words.
      catalogue: an open catalogue.
    """
    users = pair.left, pair.right
    words = shared_words(artefact, scores, users)
    return Neighbours(pair.cosine, words, *(_side(catalogue, user, words) for user in users))


def _side(catalogue, user, words):
    user_id, = catalogue.execute("SELECT user_id FROM users WHERE user = ?", (int(user),)).fetchone()
    reviews = catalogue.execute(QUERY, (int(user),)).fetchall()
    excerpts = [excerpt(plain_line(review["text"]), words) for review in reviews]
    order = sorted(range(len(reviews)), key=lambda i: -excerpts[i].count)[:QUOTES]
    return Side(user_id, len(reviews), tuple(
        Quote(reviews[i]["rating"], plain_line(reviews[i]["item"]), excerpts[i].text) for i in sorted(order)))


def excerpt(text, words):
    """Returns the Excerpt of a text that has the most of the words, at most about LENGTH characters."""
    parts = sentences.of(text) or [text]
    position = max(range(len(parts)), key=lambda i: (len(_matches(words, parts[i])), -i))
    passage = parts[position]
    while position + 1 < len(parts) and len(passage) + len(parts[position + 1]) < LENGTH:
        position += 1
        passage += " " + parts[position]
    if len(passage) > LENGTH:
        match = _pattern(words).search(passage) if words else None
        start = max(0, min(match.start() - LENGTH // 3, len(passage) - LENGTH)) if match else 0
        cut = passage[start:start + LENGTH]
        passage = ("… " if start else "") + cut + (" …" if start + LENGTH < len(passage) else "")
    return Excerpt(passage, len(_matches(words, passage)))


def _pattern(words):
    return re.compile(r"\b(%s)\b" % "|".join(map(re.escape, words)), re.IGNORECASE)


def _matches(words, text):
    return {word.lower() for word in _pattern(words).findall(text)} if words else set()


def headline(neighbours):
    """Returns a sentence on what the two users have in common."""
    words = "they share no distinctive word"
    if neighbours.words:
        words = f"both write about {', '.join(neighbours.words)}"
    return (f"The two nearest active users in the attention space (cosine {neighbours.cosine:.3f}): "
            f"{plain_line(neighbours.left.user_id)} and {plain_line(neighbours.right.user_id)}; {words}.")


def plain(neighbours):
    """Returns both users' reviews in two columns, for a terminal."""
    width = max(30, (min(shutil.get_terminal_size((100, 24)).columns, 160) - 3) // 2)
    cells = [([f"{plain_line(side.user_id)}, {side.reviews} reviews"[:width], "-" * width],)
             + tuple(textwrap.wrap(f"{quote.rating:g} stars, {quote.item}", width)
                     + textwrap.wrap(quote.text, width) + [""] for quote in side.quotes)
             for side in (neighbours.left, neighbours.right)]
    lines = [f"{left:<{width}} | {right}".rstrip() for row in zip_longest(*cells, fillvalue=[])
             for left, right in zip_longest(*row, fillvalue="")]
    lines = textwrap.wrap(headline(neighbours), 2 * width + 3) + [""] + lines
    return "\n".join(lines).rstrip(" |\n")


def markdown(neighbours):
    """Returns both users' reviews as a Markdown table, shared words in bold. Markup in reviews is escaped."""
    sides = (neighbours.left, neighbours.right)
    lines = ["# Two neighbours in the attention space", "", _escape(headline(neighbours)), "",
             _row(f"{_escape(side.user_id)}, {side.reviews} reviews" for side in sides),
             _row(["---", "---"])]
    for quotes in zip_longest(*(side.quotes for side in sides)):
        lines.append(_row(quote and _cell(quote, neighbours.words) or "" for quote in quotes))
    return "\n".join(lines) + "\n"


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def _cell(quote, words):
    parts = _pattern(words).split(quote.text) if words else [quote.text]
    parts = [_escape(part) for part in parts]
    parts[1::2] = [f"**{word}**" for word in parts[1::2]]
    return f"{quote.rating:g} stars, *{_escape(quote.item)}*: {''.join(parts)}"


def _escape(text):
    text = "".join(char if char.isprintable() else " " for char in text)
    return re.sub(r"([\\`*_{}\[\]|#~])", r"\\\1", html.escape(text, quote=False))
