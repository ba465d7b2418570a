"""What the tasks of Spark do: one reads the lines of a file, others turn the lines of a piece of a file into reviews.

A file is read from its beginning by one task, as a compressed one has to be, and its lines, not yet parsed, go to the
tasks of its pieces. A piece is a range of the file as it is stored, so that their number is known before it is read.
"""
import itertools
import os
from typing import NamedTuple, Optional

from preprocessing import readers
from preprocessing.reading.layouts import Layout
from preprocessing.reading.tally import Tally
from runtime.cli import UserError

PIECE = 4 * 2 ** 20  # bytes of a piece; compressed text is several times as large
CHUNK = 64  # lines that are sent together


class Source(NamedTuple):
    """A file of reviews."""
    path: str
    folder: str  # to which a relative path belongs
    layout: Layout
    first: int  # the number of its first piece among the pieces of all files
    pieces: int


class Chunk(NamedTuple):
    """Some lines, or records where the layout has no lines, of a file."""
    number: int  # among the chunks of the file
    path: str
    units: list  # [(line number, unit)], see `layouts.Layout`
    error: Optional[str]  # what ended reading after these lines
    counts: Optional[Tally]  # of the lines of the whole file that were dropped, in its last chunk


class Outcome(NamedTuple):
    """What became of a piece."""
    part: Optional[readers.Part]  # None where there is an error
    error: Optional[str]


def sources(paths, reviews):
    """The `Source` of each file. Raises UserError where the beginning of a file shows that it cannot be read.

    Args:
      paths: list of files.
      reviews: the `readers.Reviews` that their parts will be joined to; its counts learn the layouts.
    """
    found, peeked = [], Tally()
    for path in paths:
        layout, _ = readers.opened(path, reviews.known, readers.NO_REVIEW, peeked)
        first = found[-1].first + found[-1].pieces if found else 0
        found.append(Source(path, os.getcwd(), layout, first, 1 + os.path.getsize(path) // PIECE))
    reviews.counts.layouts.update(peeked.layouts)
    return found


def chunks(source):
    """Yields (number of the piece, `Chunk`) of a whole file in the order of its lines."""
    if not os.path.isabs(source.path):
        os.chdir(source.folder)  # the file has the same name here as in every message
    counts, piece, size = Tally(), 0, os.path.getsize(source.path)
    units = source.layout.units(counts)
    for number in itertools.count():
        some, error = [], None
        try:
            some.extend(itertools.islice(units, CHUNK))  # what was read before an error is in `some`
        except UserError as raised:
            error = str(raised)
        piece = max(piece, min(source.pieces - 1, counts.position() * source.pieces // max(1, size)))
        is_last = len(some) < CHUNK
        yield source.first + piece, Chunk(number, source.path, some, error, counts if is_last else None)
        if is_last:
            return


def outcome(chunks_of_piece, sources_of_all, how, tokeniser):
    """The `Outcome` of a piece.

    Args:
      chunks_of_piece: its `Chunk`s, in any order.
      sources_of_all: the `Source`s of all files.
      how, tokeniser: as of `readers.read_reviews`.
    """
    layouts = {source.path: source.layout for source in sources_of_all}
    reviews = readers.Reviews(how, Tally(), tokeniser)
    try:
        for chunk in sorted(chunks_of_piece, key=lambda chunk: chunk.number):
            record = layouts[chunk.path].record
            records = ((number, record(unit, number)) for number, unit in chunk.units)
            for row in readers.rows(chunk.path, reviews.known, records, reviews.counts):
                reviews.add(*row)
            if chunk.error:
                raise UserError(chunk.error)
            if chunk.counts:
                reviews.counts.add(chunk.counts)
        return Outcome(reviews.part(), None)
    except UserError as error:
        return Outcome(None, str(error))
