"""One item for two shoppers: how far the same reviews move between their two orders."""
from typing import NamedTuple

from flask_app.recommending.recommendation import TOP

ROWS = 10  # positions drawn; all later positions share one more row


class Line(NamedTuple):
    """A line from a review's row in the left order to its row in the right order, in drawn rows from 1."""
    left: int
    right: int

    @property
    def direction(self):
        return "level" if self.left == self.right else "up" if self.right < self.left else "down"


class Comparison(NamedTuple):
    left_positions: dict  # {review row: position}
    right_positions: dict
    lines: tuple
    rows: int  # drawn positions
    hidden: int  # reviews at later positions

    @property
    def same_order(self):
        return self.left_positions == self.right_positions

    @property
    def same_first(self):
        return any(self.right_positions[review] == 1 for review, position in self.left_positions.items()
                   if position == 1)

    @property
    def shared_top(self):
        """The number of reviews in the top of both orders."""
        return sum(position <= TOP and self.right_positions[review] <= TOP
                   for review, position in self.left_positions.items())


def positions(explanation):
    """{review row: position} of an explanation."""
    return {weighed.review["review"]: weighed.position for weighed in explanation.reviews}


def compare(left, right):
    """Compares two `Explanation` of one item. Both hold the same reviews."""
    left_positions, right_positions = positions(left), positions(right)
    rows = min(ROWS, len(left_positions))
    lines = {Line(min(position, rows + 1), min(right_positions[review], rows + 1))
             for review, position in left_positions.items()
             if position <= rows or right_positions[review] <= rows}
    return Comparison(left_positions, right_positions, tuple(sorted(lines)), rows,
                      len(left_positions) - rows)
