"""The plots of reports and results, as matplotlib figures. No window is opened."""
import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BROWN, BLUE, INK, GREY = "#b5532a", "#5b7f9f", "#2b211d", "#b9b2ac"  # brown: deeprecsys; blue: all others
WIDTH, NARROW = 7.2, 3.6  # inches; a narrow figure has larger text on a page, for small screens
PIXELS = 792  # width of every PNG
ROW = .34  # inches of a bar


def leads(title, gaps, width=WIDTH, ours="deeprecsys"):
    """Bars of differences with their intervals, the largest on top; grey where the interval includes zero.

    Args:
      gaps: {label: {"difference", "low", "high"}}.
      ours: name of the system whose leads they are.
    """
    names = sorted(gaps, key=lambda name: -gaps[name]["difference"])
    figure, axes = _canvas(title, ROW * len(gaps) + 1.1, width)
    for position, name in enumerate(reversed(names)):
        gap = gaps[name]
        colour = BROWN if gap["low"] > 0 else BLUE if gap["high"] < 0 else GREY
        axes.barh(position, gap["difference"], .62, color=colour, alpha=.85)
        axes.plot([gap["low"], gap["high"]], [position, position], color=INK, linewidth=1.4)
    axes.axvline(0, color=INK, linewidth=.8)
    _label(axes, names)
    axes.set_xlabel(f"lead of {ours}, 95 % interval\n(grey: not significantly different)", fontsize=8)
    return figure


def bars(title, values, label, spread=None, ours=(), width=WIDTH, form=".4f", whole=False):
    """Bars, the lowest value on top, with whiskers of `spread` {name: (low, high)}.

    Args:
      values: {name: number}.
      label: of the axis.
      ours: names whose bars are coloured.
      form: format of the values.
      whole: the axis begins at 0, whatever the values are.
    """
    names = sorted(values, key=values.get)
    figure, axes = _canvas(title, ROW * len(names) + 1.1, width)
    for position, name in enumerate(reversed(names)):
        axes.barh(position, values[name], .62, color=BROWN if name in ours else BLUE, alpha=.85)
        if spread and name in spread:
            axes.plot(spread[name], [position, position], color=INK, linewidth=1.4)
        right = max([values[name], *(spread or {}).get(name, ())])
        axes.annotate(f" {values[name]:{form}}", (right, position), va="center", fontsize=8, color=INK)
    _label(axes, names)
    low, high = min(values.values()), max(values.values())
    if not whole and low > 0 and high < 2 * low:  # bars from zero would hide the differences
        axes.set_xlim(low - 1.5 * (high - low) - .01 * low, high + (high - low) + .01 * low)
        label += "; the axis does not begin at 0"
    axes.set_xlabel(label)
    return figure


def lines(title, curves, across, up, width=WIDTH):
    """Curves {name: [values from 1 on]}; `across` and `up` name the axes."""
    figure, axes = _canvas(title, 3.4, width)
    for name, values in curves.items():
        axes.plot(np.arange(1, len(values) + 1), values, marker="o", markersize=3, label=name)
    axes.set(xlabel=across, ylabel=up)
    axes.xaxis.get_major_locator().set_params(integer=True)
    if len(curves) > 1:
        axes.legend(fontsize=8, frameon=False)
    return figure


def curve(x, y, across, up, mark=None, width=NARROW):
    """A curve through points of x [n] and y [n], with a line at the x of `mark`; `across` and `up` name the axes."""
    figure, axes = _canvas("", 2.6, width)
    axes.plot(x, y, marker="o", markersize=3, color=BLUE)
    if mark is not None:
        axes.axvline(mark, color=BROWN, linewidth=1.4)
    axes.set(xlabel=across, ylabel=up)
    return figure


def histogram(title, samples, across, bins=None, width=WIDTH, of="pairs"):
    """Overlaid histograms of {name: [values]}, as shares of the pairs (or of what `of` names); NaN values are left
    out."""
    figure, axes = _canvas(title, 3., width)
    kept = {name: np.asarray(values)[np.isfinite(values)] for name, values in samples.items()}
    kept = {name: values for name, values in kept.items() if len(values)}
    bins = np.linspace(*bins, 31) if bins else 30
    for (name, values), colour in zip(kept.items(), (BROWN, BLUE, INK)):
        axes.hist(values, bins, weights=np.full(len(values), 1 / len(values)), alpha=.6, color=colour,
                  label=f"{name}, mean {values.mean():.3f}")
    axes.set(xlabel=across, ylabel=f"share of {of}")
    if kept:
        axes.set_ylim(top=1.3 * axes.get_ylim()[1])  # room for the legend
        axes.legend(fontsize=8, frameon=False)
    return figure


def counted(edges, counts, across, mark=None, width=NARROW):
    """Bars of a histogram that is given by its edges [k + 1] and counts [k], with a line at `mark`.

    The axis is logarithmic where the last bar is more than ten times as wide as the first one.
    """
    figure, axes = _canvas("", 2.6, width)
    sizes = np.diff(edges)
    axes.bar(edges[:-1], counts, sizes, align="edge", color=BLUE, edgecolor="white", linewidth=.4)
    if sizes[-1] > 10 * sizes[0]:
        axes.set_xscale("log")
    if mark is not None:
        axes.axvline(mark, color=BROWN, linewidth=1.4)
    axes.set(xlabel=across, ylabel="number")
    return figure


def by_stars(title, predicted, stars, width=WIDTH):
    """Boxes of predicted stars [n] for each number of given stars [n]."""
    figure, axes = _canvas(title, 3.2, width)
    levels = np.unique(stars)
    axes.boxplot([predicted[stars == level] for level in levels], positions=levels, widths=.5,
                 showfliers=False, medianprops={"color": BROWN})
    axes.plot([1, 5], [1, 5], color=GREY, linewidth=.8, linestyle="--")
    axes.set(xlabel="stars given", ylabel="stars predicted", ylim=(.8, 5.2), xlim=(.5, 5.5))
    axes.set_xticks(range(1, 6))
    axes.set_xticklabels([str(star) for star in range(1, 6)])
    return figure


def png(figure):
    """The bytes of a PNG file of PIXELS width."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=PIXELS / figure.get_figwidth(), metadata={"Software": None})
    return out.getvalue()


def _canvas(title, height, width):
    figure = Figure((width, height), facecolor="white", tight_layout=True)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(1, 1, 1)
    axes.set_title(title, fontsize=10, color=INK, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _label(axes, names):
    axes.set_yticks(range(len(names)))
    axes.set_yticklabels(list(reversed(names)))
