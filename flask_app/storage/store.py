"""Every SQL query of the shop on the catalogue.

Only training reviews are ever shown, searched or counted. Shoppers, items and reviews are looked up by the ids of the
raw file or by the catalogue's row numbers; results are `sqlite3.Row`.
"""
import bisect
import collections
import functools

from flask_app.web.folding import has_words
from preprocessing import catalogue
from preprocessing.folding import fold

SEARCH_LIMIT = 24  # search results
BELOW = " > "  # between the names of a category's path
KEPT = 128  # items whose reviews are cached: many shoppers are shown the same items
WORD_LIMIT = 6  # words of a query that are searched for


class Store:
    """One read-only connection to a catalogue, to be used as long as the file does not change.

    Raises:
      FileNotFoundError: there is no such file.
      sqlite3.Error: from any method, where the file is not a catalogue.
    """

    def __init__(self, path):
        self._connection = catalogue.with_fold(catalogue.connect(path))
        self._connection.create_function("has_words", -1, has_words)
        self._counts = None  # ratings of all items, rising, once they were asked for
        self._reviews_of = functools.lru_cache(KEPT)(self._read_reviews_of)

    def close(self):
        self._connection.close()

    def _all(self, query, *values):
        return self._connection.execute(query, values).fetchall()

    def _one(self, query, *values):
        return self._connection.execute(query, values).fetchone()

    def shopper(self, user_id):
        """The shopper with this raw id, or None."""
        return self._one("SELECT * FROM users WHERE user_id = ?", user_id)

    def item(self, item_id):
        """The item with this raw id, or None."""
        return self._one("SELECT * FROM items WHERE item_id = ?", item_id)

    def share_with_fewer_ratings(self, items):
        """{row: share of all items, 0..1, that have fewer ratings} of some items."""
        if self._counts is None:
            self._counts = [count for count, in self._all("SELECT rating_count FROM items ORDER BY rating_count")]
        return {item["item"]: bisect.bisect_left(self._counts, item["rating_count"]) / len(self._counts)
                for item in items}

    def item_count(self):
        return self._one("SELECT COUNT(*) FROM items")[0]

    def items(self, rows):
        """The items of these rows, as {row: item}; rows that the catalogue lacks are left out."""
        rows = list(rows)
        items = self._all(f"SELECT * FROM items WHERE item IN ({_placeholders(rows)})", *rows)
        return {item["item"]: item for item in items}

    def matching(self, filters):
        """Rows of the items that match `ranked_page.Filters`, as a set."""
        where, values = ["1"], []
        if filters.category:
            where.append("(category = ? OR substr(category, 1, ?) = ?)")
            below = filters.category + BELOW
            values += [filters.category, len(below), below]
        for sign, price in ((">=", filters.least), ("<=", filters.most)):
            if price is not None:
                where.append(f"price {sign} ?")
                values.append(price)
        if filters.words:
            where.append("has_words(?, item_id, title)")
            values.append(_words(filters.words))
        return {row["item"] for row in self._all(
            f"SELECT item FROM items WHERE {' AND '.join(where)}", *values)}

    def categories(self):
        """{path: number of items} of all categories, as the raw files give them."""
        return dict(map(tuple, self._all(
            "SELECT category, COUNT(*) FROM items WHERE category > '' GROUP BY category")))

    def titled(self, words, limit):
        """Items with all these words in the title, the most reviewed first."""
        words = _words(words)
        return self._all("""SELECT * FROM items WHERE has_words(?, item_id, title)
                            ORDER BY rating_count DESC, item LIMIT ?""", words, limit) if words else []

    def items_with(self, words):
        """Items that have all these words in the title, the most rated first, then items with a review of these words.

        An item without a title is found as it is shown, by "item" and its id. The words of a review are those of its
        text, its summary and its item's title.

        Returns:
          Rows of the items with `matches`, the number of training reviews with all words, and `review`, the first of
          them (summary and text); 0 and None for items whose title has the words. At most SEARCH_LIMIT.
        """
        words = _words(words)
        if not words:
            return []
        titled = self._all(
            """SELECT *, 0 AS matches, NULL AS review FROM items
               WHERE has_words(?, item_id, COALESCE(NULLIF(title, ''), 'item'))
               ORDER BY rating_count DESC, item LIMIT ?""", words, SEARCH_LIMIT)
        texts, holds, values = self._holding(words)
        spoken = self._all(
            f"""SELECT i.*, found.matches, COALESCE(r.summary || '. ', '') || r.text AS review
                FROM (SELECT reviews.item, COUNT(*) AS matches, MIN(found.review) AS review FROM {texts} AS found
                      JOIN reviews ON reviews.review = found.review WHERE {holds} GROUP BY reviews.item) AS found
                JOIN items i ON i.item = found.item JOIN reviews r ON r.review = found.review
                ORDER BY found.matches DESC, i.rating_count DESC, i.item LIMIT ?""", *values,
            SEARCH_LIMIT + len(titled))
        rows = {item["item"] for item in titled}
        return (titled + [item for item in spoken if item["item"] not in rows])[:SEARCH_LIMIT]

    def reviews_of_items(self, rows):
        """All training reviews of these items with their authors' ids, as {review: review row}."""
        return {review["review"]: review for row in rows for review in self._reviews_of(row)}

    def _read_reviews_of(self, item):
        return self._all(
            """SELECT r.review, r.user, r.item, r.rating, r.summary, r.text, r.time, r.helpful_up,
                      r.helpful_total, u.user_id
               FROM reviews r JOIN users u ON u.user = r.user
               WHERE r.split = 'train' AND r.item = ?""", item)

    def reviews_by(self, user, limit):
        """Training reviews of a shopper, newest first, with `item_id` and `title` of each item."""
        return self._all(
            """SELECT r.review, r.rating, r.summary, r.text, r.time, i.item_id, i.title
               FROM reviews r JOIN items i ON i.item = r.item
               WHERE r.split = 'train' AND r.user = ?
               ORDER BY r.time DESC, r.review LIMIT ?""", user, limit)

    def owned(self, user):
        """Rows of the items a shopper has a training review of, as a set."""
        reviews = self._all("SELECT item FROM reviews WHERE split = 'train' AND user = ?", user)
        return {review["item"] for review in reviews}

    def review_counts(self):
        """{row: number of training reviews} of all shoppers."""
        return dict(map(tuple, self._all("SELECT user, rating_count FROM users")))

    def row_of(self, user_id):
        """The row of the shopper with this raw id, or None."""
        shopper = self.shopper(user_id)
        return shopper and shopper["user"]

    def ids_of(self, users):
        """{row: raw id} of some shoppers by their rows."""
        users = list(users)
        return dict(map(tuple, self._all(
            f"SELECT user, user_id FROM users WHERE user IN ({_placeholders(users)})", *users)))

    def active_shoppers(self, limit):
        """The shoppers with the most training reviews."""
        return self._all("""SELECT * FROM users WHERE rating_count > 0
                            ORDER BY rating_count DESC, user LIMIT ?""", limit)

    def much_reviewed_items(self, limit):
        """The items with the most training reviews."""
        return self._all("""SELECT * FROM items WHERE rating_count > 0
                            ORDER BY rating_count DESC, item LIMIT ?""", limit)

    def texts_by(self, users, limit):
        """Summary and text of at most `limit` reviews of each of these shoppers: {user: [text]}."""
        users, texts = list(users), collections.defaultdict(list)
        for user, summary, text in self._all(
                f"""SELECT user, summary, text FROM reviews
                    WHERE split = 'train' AND user IN ({_placeholders(users)}) ORDER BY review""", *users):
            if len(texts[user]) < limit:
                texts[user].append(f"{summary}. {text}" if summary else text)
        return texts

    def search(self, query):
        """Shoppers whose id begins with the query; where there are none, shoppers with a matching review.

        A review matches where each word of the query is in its text, its summary or its item's title, or is its
        item's id, without regard to case and accents (`web.folding`).

        Returns:
          Rows of `user`, `user_id`, `rating_count`, `matches` (how many reviews match) and `review` (title, summary and
          text of the first of them; None where the id matched). At most `SEARCH_LIMIT`, most matches first.
        """
        by_id = self._all(
            """SELECT user, user_id, rating_count, 0 AS matches, NULL AS review FROM users
               WHERE substr(fold(user_id), 1, ?) = ? ORDER BY rating_count DESC, user LIMIT ?""",
            len(fold(query)), fold(query), SEARCH_LIMIT)
        words = _words(query)
        if by_id or not words:
            return by_id
        texts, holds, values = self._holding(words)
        return self._all(
            f"""SELECT u.user, u.user_id, u.rating_count, found.matches,
                       COALESCE(i.title || ': ', '') || COALESCE(r.summary || '. ', '') || r.text AS review
                FROM (SELECT user, COUNT(*) AS matches, MIN(review) AS review FROM {texts} AS found WHERE {holds}
                      GROUP BY user ORDER BY matches DESC, user LIMIT ?) AS found
                JOIN users u ON u.user = found.user JOIN reviews r ON r.review = found.review
                JOIN items i ON i.item = r.item
                ORDER BY found.matches DESC, found.user""",
            *values, SEARCH_LIMIT)

    def _holding(self, words):
        """(table, condition on it as `found`, values of the condition): the folded reviews that hold all words.

        Catalogues of older versions hold no folded texts; then they are folded on the way.
        """
        words = words.split()
        stored = self._one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'search_texts'")
        return ("search_texts" if stored else f"({catalogue.SEARCH_TEXTS})",
                " AND ".join(["(instr(found.text, ?) > 0 OR found.item_id = ?)"] * len(words)),
                [word for word in words for _ in range(2)])


def _words(query):
    """The first WORD_LIMIT words of a query, folded."""
    return " ".join(fold(query).split()[:WORD_LIMIT])


def _placeholders(rows):
    return ",".join("?" * len(rows))
