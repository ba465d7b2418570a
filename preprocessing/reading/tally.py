"""Counts what reading drops and what it cannot read, with an example of each, so that nothing is lost in silence."""
from preprocessing.reading.values import is_absent

NO_KEY, AGAIN = "no user, item or rating", "user and item again"
NO_ITEM, ITEM_AGAIN = "no item", "item again"  # of metadata
LONG_LINE, OTHER_COLUMNS = "line over 10 MB", "row with another number of columns"


class Tally:
    """The counts of reading one corpus."""

    def __init__(self):
        self.rows = 0
        self.dropped = {NO_KEY: 0, AGAIN: 0}  # {reason: number of rows}
        self.examples = {}  # {reason: "file:line" of the first row}
        self.absent, self.unreadable = {}, {}  # {field: number of rows}
        self.unreadable_examples = {}  # {field: "file:line: value"}
        self.layouts = {}  # {file: what it is}
        self.scale = None  # "lowest..highest" of the ratings where it is not 1 to 5
        self.position = int  # a function: the bytes of the open file that are read

    def drop(self, reason, where, rows=1):
        """Counts rows that are dropped; `where` is the place of the first."""
        self.dropped[reason] = self.dropped.get(reason, 0) + rows
        self.examples.setdefault(reason, where)

    def add(self, other):
        """Adds the counts of rows that come after these."""
        self.rows += other.rows
        for ours, theirs in ((self.dropped, other.dropped), (self.absent, other.absent),
                             (self.unreadable, other.unreadable)):
            for key, count in theirs.items():
                ours[key] = ours.get(key, 0) + count
        for ours, theirs in ((self.examples, other.examples), (self.layouts, other.layouts),
                             (self.unreadable_examples, other.unreadable_examples)):
            for key, value in theirs.items():
                ours.setdefault(key, value)

    def __getstate__(self):
        """What is sent to another process: all but the function that belongs to an open file."""
        return dict(self.__dict__, position=int)

    def value(self, field, raw, value, where):
        """Returns `value`, which was read from `raw`; counts it where there is none."""
        if value is None:
            if is_absent(raw):
                self.absent[field] = self.absent.get(field, 0) + 1
            else:
                self.unreadable[field] = self.unreadable.get(field, 0) + 1
                self.unreadable_examples.setdefault(field, f"{where}: {short(raw)}")
        return value

    def lost(self):
        """{reason: number of rows that are dropped} of the reasons that occurred."""
        return {reason: count for reason, count in self.dropped.items() if count}

    def summary(self):
        """The counts for meta.json."""
        return {"rows": self.rows, "layouts": self.layouts, "scale": self.scale,
                "dropped_examples": self.examples, "absent": self.absent, "unreadable": self.unreadable,
                "unreadable_examples": self.unreadable_examples}

    def lines(self):
        """The counts as lines of a log."""
        yield from (f"dropped {count} rows: {reason} (first: {self.examples[reason]})"
                    for reason, count in self.lost().items())
        yield from (f"{field}: {count} of {self.rows} values unreadable (first: {self.unreadable_examples[field]})"
                    for field, count in self.unreadable.items())
        if self.scale:
            yield f"ratings are read on the scale {self.scale} and become 1 to 5 stars; --stars gives another one"
        absent = [f"{field} {count}" for field, count in self.absent.items()]
        if absent:
            yield f"absent in {self.rows} rows: {', '.join(absent)}"


def short(value):
    """A value for a message of one line: at most 60 printable characters."""
    try:
        text = ascii(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, a deep list
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
