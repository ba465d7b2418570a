"""The names that the columns of reviews and of metadata have in published data sets: the one owner of that table.

A name is compared without regard to case and signs: `reviewerID`, `reviewer_id` and `Reviewer Id` are one name. Where a
record has several columns of a field, the first one of the table that holds a value counts, so that a file may mix
layouts.
"""
import re

from runtime.cli import UserError

REVIEW = {
    "user": "reviewerid userid user customerid authorid memberid uid reviewer author username profilename",
    "item": "parentasin asin itemid productid businessid bookid movieid gameid item product iid isbn business book",
    "rating": "overall rating stars score starrating reviewrating reviewscore reviewsrating ratings rate",
    "text": "reviewtext text reviewbody reviewstext review reviewcontent content body comment comments",
    "summary": "summary title reviewtitle reviewheadline reviewsummary reviewstitle headline",
    "time": "unixreviewtime timestamp time unixtime reviewtime date reviewdate reviewsdate dateadded createdat "
            "datetime dateposted submissiondate",
    "helpful": "helpful vote helpfulvote helpfulvotes helpfulnessnumerator useful nvotes votes reviewsnumhelpful",
    "total": "helpfulnessdenominator totalvotes totalvote",
}
ITEM = {
    "item": REVIEW["item"] + " id sku",
    "title": "title name producttitle productname businessname booktitle titlewithoutseries",
    "price": "price saleprice listprice",
    "image": "imurl imageurlhighres imageurl images image imgurl thumbnail picture",
    "category": "categories category maincategory maincat genres genre productcategory",
    "brand": "brand store manufacturer publisher",
    "description": "description productdescription summary about",
}
_NUMBER = re.compile(r"\s*-?[0-9]+([.,][0-9]*)?\s*\Z")
NEEDED = {"reviews": ("user", "item", "rating"), "items": ("item",)}
OPTIONS = tuple(dict.fromkeys(list(REVIEW) + list(ITEM)))  # what --columns can name


def plain(name):
    """A column's name as the table writes it."""
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def parse(text):
    """{field: column} of `--columns user=a,item=b`. Raises ValueError, which says what is wrong."""
    pairs = {}
    for part in text.split(","):
        field, sign, column = part.partition("=")
        if not sign or not column or field.strip() not in OPTIONS:
            raise ValueError(f"{part!r} is not FIELD=COLUMN; the fields are {', '.join(OPTIONS)}")
        pairs[field.strip()] = column.strip()
    return pairs


class Columns:
    """The columns of one kind of file ("reviews" or "items"): which of a record's columns hold a field."""

    def __init__(self, kind, given=None):
        table = REVIEW if kind == "reviews" else ITEM
        self.kind = kind
        self._given = {field: name for field, name in (given or {}).items() if field in table}
        self._ranks = {field: {name: rank for rank, name in enumerate(names.split())} for field, names in table.items()}
        self.unseen = dict(self._given)  # {field: column} that no record has had so far
        self._known = {}  # {names of a record: {field: its columns}}

    def of(self, record):
        """{field: [column]} of a record, the best first; a field that it does not have is not in it."""
        names = tuple(record)
        if names not in self._known:
            if len(self._known) > 1000:  # records of arbitrary columns
                self._known.clear()
            self._known[names] = self._find(names)
        return self._known[names]

    def _find(self, names):
        found = {}
        for field, ranks in self._ranks.items():
            if self._given.get(field) in names:
                self.unseen.pop(field, None)
                found[field] = [self._given[field]]
            elif field not in self._given or self.kind == "items" and field == "item":
                known = [name for name in names if plain(name) in ranks]
                found[field] = sorted(known, key=lambda name: ranks[plain(name)])
        return {field: columns for field, columns in found.items() if columns}

    def require(self, path, layout, names, none):
        """Raises UserError where the columns `names` of a file cannot give what is needed; it says what the file is.

        Args:
          path, layout: the file, and the name of its layout.
          names: the columns of its first records.
          none: words for a file that gives nothing, such as "no review in it".
        """
        found = self.of(dict.fromkeys(names))
        where = f"{path}: {none}: this looks like {layout} with the columns {shown(names)}"
        wrong = [name for field, name in self._given.items()
                 if self.kind == "reviews" and name not in names and field in NEEDED["reviews"] + ("text",)]
        if wrong:
            raise UserError(f"{where}; --columns names {wrong[0]!r}, which is none of them")
        missing = [field for field in NEEDED[self.kind] if field not in found]
        is_table = layout.split()[0] in ("CSV", "TSV", "Parquet")
        if missing and is_table and any(_NUMBER.match(str(name)) for name in names):
            raise UserError(f"{path}: {none}: this looks like {layout} without a line of column names (it begins with "
                            f"{shown(names)}); write one above it, such as user,item,rating,text, with the same "
                            "separator")
        if missing:
            hint = ",".join(f"{field}=..." for field in missing)
            raise UserError(f"{where}; none is known as {' or '.join(missing)}; "
                            + (f"pass --columns {hint}" if self.kind == "reviews" else "give the metadata of items"))
        if self.kind == "reviews" and "text" not in found and is_table:
            raise UserError(f"{where}; ratings without text, and the model learns from review texts; "
                            "give reviews with their text, or name its column with --columns text=...")


    def require_given(self, path):
        """Raises UserError where no record had one of the given columns, but for the ids of items in metadata."""
        wrong = next((pair for pair in self.unseen.items() if pair[0] != "item"), None)
        if wrong:
            raise UserError(f"{path}: --columns names {wrong[1]!r} for {wrong[0]}, a column that no record has")


def shown(names, most=12):
    """Column names for a message of one line."""
    parts = [ascii(str(name)[:40])[1:-1] or "(no name)" for name in list(names)[:most]]
    return ", ".join(parts) + (", ..." if len(names) > most else "")
