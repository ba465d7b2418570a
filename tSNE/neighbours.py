"""Two users side by side: the words they share, and what they wrote with them."""
import html
import re
import shutil
import textwrap
from typing import NamedTuple, Tuple

import numpy as np

from tSNE.groups import user_weights

ACTIVE = 5  # training reviews that make a user active
SHARED, QUOTES, LENGTH = 8, 3, 200  # words, excerpts a user, characters an excerpt
QUERY = """SELECT review, rating, coalesce(title, item_id) AS item, text FROM reviews JOIN items USING (item)
           WHERE user = ? AND split = 'train' AND text != '' ORDER BY review"""


class Quote(NamedTuple):
    rating: float  # stars
    item: str
    text: str


class Side(NamedTuple):
    user_id: str
    reviews: int  # training reviews with text
    quotes: Tuple[Quote, ...]


class Neighbours(NamedTuple):
    cosine: float
    words: Tuple[str, ...]  # that both write, the most telling first
    left: Side
    right: Side


def active(artefact):
    """Users who may be named: those of ACTIVE training reviews, or of as many as two users have."""
    count = np.sum(artefact.user_reviews > 0, 1)
    rows, _ = user_weights(artefact)
    count = np.bincount(artefact.review_user[rows], minlength=len(count))
    return np.flatnonzero(count >= max(1, min(ACTIVE, np.sort(count)[-2])))


def shared_words(artefact, bags, pair):
    """Words that both users of a pair write in training reviews, and more than users do: most telling first.

    By falling m - o, with `m` the lesser of the two users' mean TF-IDF weights of a word, and `o` its mean
    over all users; words that both wrote in two reviews or more come first.
    """
    rows, weight = user_weights(artefact)
    owner, bags = artefact.review_user[rows], bags[rows]
    mine = np.stack([owner == user for user in pair], 1).astype(float)  # [n, 2]
    excess = (bags.T @ (mine * weight[:, None])).min(1) - bags.T @ weight / weight.sum()  # [V]
    again = ((bags > 0).T @ mine).min(1) > 1
    order = sorted(np.flatnonzero(excess > 0), key=lambda word: (not again[word], -excess[word]))
    return tuple(artefact.vocabulary[word] for word in order[:SHARED])


def find(artefact, bags, catalogue, pair, cosine):
    """The Neighbours of a pair of user numbers; `catalogue` is an open connection."""
    words = shared_words(artefact, bags, pair)
    return Neighbours(cosine, words, *(_side(catalogue, user, words) for user in pair))


def _side(catalogue, user, words):
    user_id, = catalogue.execute("SELECT user_id FROM users WHERE user = ?", (user,)).fetchone()
    reviews = catalogue.execute(QUERY, (user,)).fetchall()
    excerpts = [excerpt(_plain(review["text"]), words) for review in reviews]
    order = sorted(range(len(reviews)), key=lambda i: -excerpts[i][1])[:QUOTES]
    return Side(user_id, len(reviews), tuple(
        Quote(reviews[i]["rating"], _plain(reviews[i]["item"]), excerpts[i][0]) for i in sorted(order)))


def excerpt(text, words):
    """(a passage of the text, how many of the words it holds): the sentences where they are densest."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    rank = max(range(len(sentences)), key=lambda i: (len(_found(words, sentences[i])), -i))
    passage = sentences[rank]
    while rank + 1 < len(sentences) and len(passage) + len(sentences[rank + 1]) < LENGTH:
        rank += 1
        passage += " " + sentences[rank]
    if len(passage) > LENGTH:
        match = _pattern(words).search(passage) if words else None
        start = max(0, min(match.start() - LENGTH // 3, len(passage) - LENGTH)) if match else 0
        cut = passage[start:start + LENGTH]
        passage = ("… " if start else "") + cut + (" …" if start + LENGTH < len(passage) else "")
    return passage, len(_found(words, passage))


def _pattern(words):
    return re.compile(r"\b(?:%s)\b" % "|".join(map(re.escape, words)), re.IGNORECASE)


def _found(words, text):
    return {word.lower() for word in _pattern(words).findall(text)} if words else set()


def _plain(text):
    """One line of printable characters: a review can neither move the cursor nor break a table."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def headline(neighbours):
    """What the two have in common, in a sentence."""
    words = f"both write of {', '.join(neighbours.words)}" if neighbours.words else "they share no telling word"
    return (f"Nearest two active users in the attention space (cosine {neighbours.cosine:.3f}): "
            f"{neighbours.left.user_id} and {neighbours.right.user_id}; {words}.")


def plain(neighbours):
    """Both users' reviews in two columns, for a terminal."""
    width = max(30, (min(shutil.get_terminal_size((100, 24)).columns, 160) - 3) // 2)
    columns = []
    for side in (neighbours.left, neighbours.right):
        lines = [f"{_plain(side.user_id)}, {side.reviews} reviews"[:width], "-" * width]
        for quote in side.quotes:
            lines += textwrap.wrap(f"{quote.rating:g} stars, {quote.item}", width)
            lines += textwrap.wrap(quote.text, width) + [""]
        columns.append(lines)
    height = max(map(len, columns))
    left, right = (lines + [""] * (height - len(lines)) for lines in columns)
    body = "\n".join(f"{one:<{width}} | {other}".rstrip(" |") for one, other in zip(left, right))
    return "\n".join(textwrap.wrap(headline(neighbours), 2 * width + 3)) + "\n\n" + body.rstrip()


def markdown(neighbours):
    """The same as a Markdown table, shared words in bold. Markup in reviews is shown, never run."""
    sides = (neighbours.left, neighbours.right)
    lines = ["# Two neighbours in the attention space", "", _escape(headline(neighbours)), "",
             "| " + " | ".join(f"{_escape(side.user_id)}, {side.reviews} reviews" for side in sides) + " |",
             "| --- | --- |"]
    for place in range(max(len(side.quotes) for side in sides)):
        cells = [_cell(side.quotes[place], neighbours.words) if place < len(side.quotes) else "" for side in sides]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(quote, words):
    text = _escape(quote.text)
    if words:
        text = _pattern(words).sub(lambda match: f"**{match.group()}**", text)
    return f"{quote.rating:g} stars, *{_escape(quote.item)}*: {text}"


def _escape(text):
    return re.sub(r"([\\`*_{}\[\]|#~])", r"\\\1", html.escape(_plain(text), quote=False))
