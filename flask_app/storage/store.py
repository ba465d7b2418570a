"""Every SQL query of the shop on the catalogue.

Only training reviews are ever shown, searched or counted. Shoppers, items and reviews are looked up by the ids of the
raw file or by the catalogue's row numbers; results are `sqlite3.Row`.
"""
import collections
import functools

import numpy as np

from flask_app.storage.word_search import WordSearch
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
        self._connection = catalogue.connect(path)
        self._search = WordSearch(self._connection)
        self._shares = self._item_count = self._review_counts = None  # once they were asked for
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
        """{row: share of all items, 0..1, that have fewer ratings; None where no item has more} of some items."""
        if self._shares is None:
            counted = self._all("SELECT rating_count, COUNT(*) AS items FROM items GROUP BY 1 ORDER BY 1")
            fewer = np.cumsum([0] + [row["items"] for row in counted])
            self._shares = {row["rating_count"]: float(count / fewer[-1]) for row, count in zip(counted[:-1], fewer)}
        return {item["item"]: self._shares.get(item["rating_count"]) for item in items}

    def item_count(self):
        if self._item_count is None:
            self._item_count = self._one("SELECT COUNT(*) FROM items")[0]
        return self._item_count

    def has_index(self):
        """Whether the catalogue has the index of its search; those of the first versions lack it."""
        return self._one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'search_words'") is not None

    def items(self, rows):
        """The items of these rows, as {row: item}; rows that the catalogue lacks are left out."""
        rows = list(rows)
        items = self._all(f"SELECT * FROM items WHERE item IN ({_placeholders(rows)})", *rows)
        return {item["item"]: item for item in items}

    def matching(self, filters):
        """Rows of the items that match `ranked_page.Filters`, as a set."""
        where, values = ["1"], []
        if filters.category:
            where.append("(category = ? OR category >= ? AND category < ? || char(1114111))")
            values += [filters.category] + [filters.category + BELOW] * 2
        for sign, price in ((">=", filters.least), ("<=", filters.most)):
            if price is not None:
                where.append(f"price {sign} ?")
                values.append(price)
        matching = {item for item, in self._all(f"SELECT item FROM items WHERE {' AND '.join(where)}", *values)}
        return matching.intersection(self._search.titled(_words(filters.words)).tolist()) if filters.words else matching

    def categories(self):
        """{path: number of items} of all categories, as the raw files give them."""
        return dict(map(tuple, self._all(
            "SELECT category, COUNT(*) FROM items WHERE category > '' GROUP BY category")))

    def titled(self, words, limit):
        """Items with all these words in the title, the most reviewed first."""
        words = _words(words)
        return self._shown([(item, 0, None) for item in self._titled(words, limit)]) if words else []

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
        titled = self._titled(words, SEARCH_LIMIT, as_shown=True)
        if len(titled) == SEARCH_LIMIT:
            return self._shown([(row, 0, None) for row in titled.tolist()])
        rows = self._search.reviews(words)
        item, count = self._search.column("item")[rows], self._search.column("count")
        matches = np.bincount(item, minlength=len(count))
        spoken = _first(np.flatnonzero(matches), (-matches, -count), SEARCH_LIMIT + len(titled))
        spoken = spoken[~np.isin(spoken, titled)]
        first = _first_of(item, rows, len(count))
        return self._shown(([(row, 0, None) for row in titled.tolist()] + list(zip(*(
            values.tolist() for values in (spoken, matches[spoken], first[spoken])))))[:SEARCH_LIMIT])

    def _titled(self, words, limit, as_shown=False):
        """Rows of the items with all words in the title, the most rated first."""
        return _first(self._search.titled(words, as_shown), (-self._search.column("count"),), limit)

    def _shown(self, found):
        """Rows of items with `matches` and `review`, of [(item, matches, row of a review or None)]."""
        return [self._one("""SELECT i.*, ? AS matches, COALESCE(r.summary || '. ', '') || r.text AS review
                             FROM items i LEFT JOIN reviews r ON r.review = ? WHERE i.item = ?""",
                          matches, review, int(item)) for item, matches, review in found]

    def reviews_of_items(self, rows):
        """All training reviews of these items with their authors' ids, as {review: review row}."""
        return {review["review"]: review for row in rows for review in self._reviews_of(row)}

    def _read_reviews_of(self, item):
        return self._all(
            """SELECT r.review, r.user, r.item, r.rating, r.summary, r.text, r.time, r.helpful_up,
                      r.helpful_total, u.user_id
               FROM reviews r JOIN users u ON u.user = r.user
               WHERE r.split = 'train' AND r.item = ?
               ORDER BY r.review""", item)

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
        """The number of training reviews of each shopper by row: [U] int32."""
        if self._review_counts is None:
            counts = self._all("SELECT rating_count FROM users ORDER BY user")
            self._review_counts = np.fromiter((count for count, in counts), np.int32, len(counts))
        return self._review_counts

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
        by_id, words = self._search.users(fold(query), SEARCH_LIMIT), _words(query)
        if by_id or not words:
            return self._found([(user, 0, None) for user in by_id])
        rows = self._search.reviews(words)
        user = self._search.column("user")[rows]
        matches, first = np.bincount(user), _first_of(user, rows, 1 + user.max(initial=0))
        return self._found([(one, int(matches[one]), int(first[one])) for one in _first(
            np.flatnonzero(matches), (-matches,), SEARCH_LIMIT).tolist()])

    def _found(self, found):
        """Rows of shoppers with `matches` and `review`, of [(user, matches, row of a review or None)]."""
        return [self._one("""SELECT u.user, u.user_id, u.rating_count, ? AS matches,
                                    COALESCE(i.title || ': ', '') || COALESCE(r.summary || '. ', '') || r.text AS review
                             FROM users u LEFT JOIN reviews r ON r.review = ? LEFT JOIN items i ON i.item = r.item
                             WHERE u.user = ?""", matches, review, user) for user, matches, review in found]


def _first(rows, keys, limit):
    """The first `limit` rows by rising keys, and by row where they are equal.

    Args:
      rows: [n] int, rising.
      keys: of arrays of whole numbers by row, the most important first; their ranges multiply to less than 2^63.
      limit: number of rows.
    """
    position = np.zeros(len(rows), np.int64)
    for key in [key[rows] for key in keys] + [rows] if len(rows) else ():
        position = position * (1 + int(np.ptp(key))) + (key - key.min())
    if len(rows) > limit:
        nearest = np.argpartition(position, limit)[:limit]
        rows, position = rows[nearest], position[nearest]
    return rows[np.argsort(position)]


def _first_of(owner, rows, owners):
    """The first of the rows [n], rising, of each owner: [owners]; 0 for an owner of none."""
    first = np.zeros(owners, np.int64)
    first[owner[::-1]] = rows[::-1]  # the last number that is written stays
    return first


def _words(query):
    """The first WORD_LIMIT words of a query, folded."""
    return fold(query).split()[:WORD_LIMIT]


def _placeholders(rows):
    return ",".join("?" * len(rows))
