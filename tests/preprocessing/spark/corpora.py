"""Raw files with everything that reading has to treat: layouts, compression, rows that are dropped, repeated rows."""
import random

from preprocessing.reading.lines import LONGEST
from tests.preprocessing.reading.samples import KAGGLE, table
from tests.preprocessing.writing import record, write_lines

WORDS = "loud quiet don't 3.5 caf\u00e9 \u6f22\u5b57 5 strong &amp; <br> weak \U0001f600 na\u00efve".split()


def rows(count, seed):
    """`count` lines: reviews of few users and items in a random order, some without a key, time or text, and blanks."""
    draw = random.Random(seed)
    for row in range(count):
        yield record(
            reviewerID=draw.choice(["", f"u{draw.randrange(19)}"] + [f"u{draw.randrange(97)}"] * 7),
            asin=f"i{int(13 * draw.random() ** 2)}", overall=1. + draw.randrange(5),
            summary=draw.choice([None, "Fine"]),
            reviewText=" ".join(draw.choices(WORDS, k=draw.randrange(12))) + (f" w{row}" if draw.random() < .2 else ""),
            unixReviewTime=draw.choice([1400000000 + draw.randrange(99), 1400000000]),
            helpful=draw.choice([[1, 2], "many", None]))
        if draw.random() < .05:
            yield draw.choice(["", "  ", "\ufeff"])


def mixed(folder):
    """The paths of three files: lines; lines in gzip, one of them too long; a table with a row of another length."""
    long = '{"reviewText": "' + LONGEST * "x" + '"}'
    zipped, table_of = list(rows(211, 2)), table(KAGGLE)
    (folder / "c.csv").write_bytes(table_of + b"1,2,3\n" + table_of.split(b"\n", 1)[1])
    return [write_lines(folder / "a.json", rows(307, 1)),
            write_lines(folder / "b.json.gz", zipped[:101] + [long] + zipped[101:], zipped=True), str(folder / "c.csv")]
