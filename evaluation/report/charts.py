"""The plots of reports and results: matplotlib figures, without a window."""
import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

OURS, OTHERS, INK, GREY = "#b5532a", "#5b7f9f", "#2b211d", "#b9b2ac"
DOTS = 110  # an inch
WIDTH = 7.2  # inches


def leads(title, gaps):
    """Bars of differences with their intervals; those that leave zero out are coloured.

    Args:
      gaps: {label: {"difference", "low", "high"}}.
    """
    figure, axes = _canvas(title, .34 * len(gaps) + 1.1)
    for place, gap in enumerate(reversed(list(gaps.values()))):
        sure = gap["low"] > 0 or gap["high"] < 0
        colour = OURS if gap["low"] > 0 else OTHERS if sure else GREY
        axes.barh(place, gap["difference"], .62, color=colour, alpha=.85)
        axes.plot([gap["low"], gap["high"]], [place, place], color=INK, linewidth=1.4)
    axes.axvline(0, color=INK, linewidth=.8)
    _label(axes, list(gaps))
    axes.set_xlabel("our lead and its 95 % interval; grey: zero is within")
    return figure


def bars(title, values, label, spread=None, ours=()):
    """A bar a name, the lowest on top, with whiskers of `spread` {name: (low, high)}.

    Args:
      values: {name: number}.
      label: of the axis.
      ours: names to be coloured.
    """
    names = sorted(values, key=values.get)
    figure, axes = _canvas(title, .34 * len(names) + 1.1)
    for place, name in enumerate(reversed(names)):
        axes.barh(place, values[name], .62, color=OURS if name in ours else OTHERS, alpha=.85)
        if spread and name in spread:
            axes.plot(spread[name], [place, place], color=INK, linewidth=1.4)
        axes.annotate(f" {values[name]:.4f}", (max([values[name], *(spread or {}).get(name, ())]), place),
                      va="center", fontsize=8, color=INK)
    _label(axes, names)
    low, high = min(values.values()), max(values.values())
    if low > 0 and high < 2 * low:  # differences that a bar from zero would hide
        axes.set_xlim(low - 1.5 * (high - low) - .01 * low, high + (high - low) + .01 * low)
        label += "; the axis does not begin at 0"
    axes.set_xlabel(label)
    return figure


def lines(title, curves, across, up):
    """Curves {name: [values from 1 on]} over axes of those names."""
    figure, axes = _canvas(title, 3.4)
    for name, values in curves.items():
        axes.plot(np.arange(1, len(values) + 1), values, marker="o", markersize=3, label=name)
    axes.set(xlabel=across, ylabel=up)
    axes.xaxis.get_major_locator().set_params(integer=True)
    if len(curves) > 1:
        axes.legend(fontsize=8, frameon=False)
    return figure


def histogram(title, samples, across, bins=None):
    """Histograms {name: [values]} of shares, one over another; values that are NaN are left out."""
    figure, axes = _canvas(title, 3.)
    kept = {name: np.asarray(values)[np.isfinite(values)] for name, values in samples.items()}
    kept = {name: values for name, values in kept.items() if len(values)}
    bins = np.linspace(*bins, 31) if bins else 30
    for (name, values), colour in zip(kept.items(), (OURS, OTHERS, INK)):
        axes.hist(values, bins, weights=np.full(len(values), 1 / len(values)), alpha=.6, color=colour,
                  label=f"{name}, mean {values.mean():.3f}")
    axes.set(xlabel=across, ylabel="share of pairs")
    if kept:
        axes.legend(fontsize=8, frameon=False)
    return figure


def by_stars(title, predicted, stars):
    """Boxes of predicted stars [n] for each number of given stars [n]."""
    figure, axes = _canvas(title, 3.2)
    levels = np.unique(stars)
    axes.boxplot([predicted[stars == level] for level in levels], positions=levels, widths=.5,
                 showfliers=False, medianprops={"color": OURS})
    axes.plot([1, 5], [1, 5], color=GREY, linewidth=.8, linestyle="--")
    axes.set(xlabel="stars given", ylabel="stars predicted", ylim=(.8, 5.2), xlim=(.5, 5.5))
    axes.set_xticks(range(1, 6))
    axes.set_xticklabels([str(star) for star in range(1, 6)])
    return figure


def png(figure):
    """The bytes of a PNG file."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DOTS, metadata={"Software": None})
    return out.getvalue()


def _canvas(title, height):
    figure = Figure((WIDTH, height), facecolor="white", tight_layout=True)
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
