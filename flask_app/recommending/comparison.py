"""Two shoppers, one item: how far the same reviews move between the two orders."""
from typing import NamedTuple

from flask_app.recommending.recommendation import TOP

ROWS = 10  # places drawn; what is further down shares one more row


class Line(NamedTuple):
    """A review's way from the left order to the right one, in drawn rows from 1."""
    left: int
    right: int

    @property
    def direction(self):
        return "level" if self.left == self.right else "up" if self.right < self.left else "down"


class Comparison(NamedTuple):
    left_places: dict  # {review row: place}
    right_places: dict
    lines: tuple
    rows: int  # drawn places
    hidden: int  # reviews that are further down

    @property
    def same_order(self):
        return self.left_places == self.right_places

    @property
    def same_first(self):
        return any(self.right_places[review] == 1 for review, place in self.left_places.items()
                   if place == 1)

    @property
    def shared_top(self):
        """How many reviews stand in the top of both orders."""
        return sum(place <= TOP and self.right_places[review] <= TOP
                   for review, place in self.left_places.items())


def places(explanation):
    """{review row: place} of an explanation."""
    return {weighed.review["review"]: weighed.place for weighed in explanation.reviews}


def compare(left, right):
    """Compares two `Explanation` of one item. Both hold the same reviews."""
    left_places, right_places = places(left), places(right)
    rows = min(ROWS, len(left_places))
    lines = {Line(min(place, rows + 1), min(right_places[review], rows + 1))
             for review, place in left_places.items()
             if place <= rows or right_places[review] <= rows}
    return Comparison(left_places, right_places, tuple(sorted(lines)), rows,
                      len(left_places) - rows)
