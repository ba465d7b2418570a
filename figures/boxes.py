"""Draws boxes and arrows in the style that both drawings share. Units are inches."""
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from runtime import files
from runtime.cli import UserError

USER, ITEM, BOTH, QUERY = "#dbe7f3", "#f6dccb", "#e6efd8", "#f4ecd2"
FILES = "#ffffff"
INK, GREY = "#2b211d", "#6b625c"
LINES = {"user": "#2f6ba5", "item": "#b5541c"}  # of arrows that cross others
DOTS = 120  # pixels per inch


def canvas(width, height):
    """Returns (figure, axes) of a size in inches, without a frame."""
    figure = Figure((width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def box(axes, area, colour, title, lines=(), small=(), size=12):
    """Draws a box: a title, lines below it, and a table in small monospaced type at the bottom.

    Args:
      area: (left, bottom, width, height).
      lines: text or mathematics ("$..$").
      small: [(name, value)] of the table, names to the left, values to the right.
      size: of the title, in points.
    """
    left, bottom, width, height = area
    axes.add_patch(FancyBboxPatch((left + .06, bottom + .06), width - .12, height - .12,
                                  boxstyle="round,pad=.06", facecolor=colour, edgecolor=INK))
    middle, y = left + width / 2, bottom + height - .14
    if not lines and not small:
        axes.text(middle, bottom + height / 2, title, ha="center", va="center", fontsize=size,
                  weight="bold", color=INK)
        return
    axes.text(middle, y, title, ha="center", va="top", fontsize=size, weight="bold", color=INK)
    y -= .1 + size / 56
    for line in lines:
        axes.text(middle, y, line, ha="center", va="top", fontsize=size - 1, color=INK)
        y -= .05 + size / 56
    y = bottom + .1 + .17 * len(small)
    for name, value in small:
        y -= .17
        for x, text, side in ((left + .16, name, "left"), (left + width - .16, value, "right")):
            axes.text(x, y, text, ha=side, va="bottom", fontsize=9, family="monospace", color=INK)


def arrow(axes, *points, dashed=False, colour=INK):
    """Draws a line through points, with an arrowhead at the last one."""
    style = {"color": colour, "linewidth": 1.2, "linestyle": "--" if dashed else "-"}
    for start, end in zip(points[:-2], points[1:-1]):
        axes.plot(*zip(start, end), **style)
    style.update(arrowstyle="-|>", shrinkA=0, shrinkB=0)
    axes.annotate("", points[-1], points[-2], arrowprops=style)


def note(axes, x, y, text, **style):
    """Writes small grey text."""
    axes.text(x, y, text, fontsize=10, color=GREY, **style)


def save(figure, path):
    """Writes the picture, whole or not at all; returns its path. Raises UserError."""
    try:
        with files.written(path) as out:
            figure.savefig(out, dpi=DOTS, format="png", metadata={"Software": None})
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose another --out") from error
    return path
