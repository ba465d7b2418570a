"""The plots of studies: errors, leads with intervals, validation curves, and the overview of several corpora.

Colours differ in lightness too, and significant differences have another marker than the rest, so that the plots
can be read without colour.
"""
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from runtime.report import charts
from runtime.report.charts import BLUE, BROWN, GREY, INK
from experiments import ablation, tables
from metrics import significance
from metrics.comparison import OURS
from metrics.labels import MEASURES
from models import config as configs

PLOTTED = ("retrieval_auc_centred", "agreement_cosine_1", "comprehensiveness")
OVERVIEW = {  # forest plot: its measure, title, and what is on its axis
    "leads": ("agreement_cosine_1", "Similarity of the review shown first to the user's own held-out review: lead of "
              "deeprecsys over each rival", "difference in TF-IDF cosine"),
    "retrieval": ("retrieval_auc_centred", "Is the user's own held-out review ranked above the item's other reviews? "
                  "Lead of deeprecsys over each rival", "difference in AUC, centred")}
ROW, TOP, BOTTOM, LEGEND, PANEL = .27, .62, .55, .28, 2.1  # inches: heights, and the width of a panel
BETTER, WORSE, UNSURE = (
    dict(color=BROWN, marker="o"), dict(color=BLUE, marker="s"),
    dict(color="#777777", marker="o", markerfacecolor="white"))


def of_record(record):
    """{suffix: figure} of the plots that a record alone gives."""
    if "ablation" in record:
        return dict({"ladder": ladder(record)}, **({"switches": switches(record)} if any(record["gaps"]) else {}))
    errors = {tables.name_of(name): values["rmse"] for name, values in record["ratings"].items()}
    corpus = name_of(record)
    figures = {"ratings": charts.bars(
        f"{corpus}: test RMSE, mean and range over {len(record['seeds'])} seeds",
        {name: float(np.mean(values)) for name, values in errors.items()}, "stars, less is better",
        {name: (min(values), max(values)) for name, values in errors.items()}, (tables.name_of(OURS),))}
    for measure in PLOTTED:
        gaps = tables.leads(record, measure)
        if gaps:
            figures[measure] = charts.leads(f"{corpus}: {MEASURES[measure]}", gaps)
    figures["validation"] = charts.lines(f"{corpus}: validation RMSE of the first seed", {
        tables.name_of(name if name != configs.DEFAULT else OURS): values for name, values in record["curves"].items()},
        "epoch", "RMSE")
    return figures


def of_runs(record, first, distances):
    """{suffix: figure} of the plots that need arrays of the runs.

    Args:
      first: Pairs of our network's first run.
      distances: [n] between the orders of two trainings, as `Comparison.record` returns them.
    """
    values, corpus = first.measures[OURS], name_of(record)
    return {
        "entropy": charts.histogram(f"{corpus}: entropy of the attention weights (1: uniform)",
                                    {OURS: values["attention_entropy"]}, "share of ln n", (0, 1)),
        "personality": charts.histogram(
            f"{corpus}: distance between two orders of an item's reviews",
            {"between two users": values["personality"], "between two trainings": distances},
            "1 - Kendall's tau (0: the same order, 1: unrelated orders)")}


def overview(records):
    """{name: figure} with a panel for each record of several seeds; {} where there are fewer than two.

    `leads` and `retrieval` are forest plots of our lead over each rival, `rmse` a dot plot of test errors. A record
    without the measure of a plot has no panel in it, and a plot without panels is left out.
    """
    records = sorted((record for record in records if "ablation" not in record and len(record["seeds"]) > 1),
                     key=lambda record: (record["data"] != "sample", record["data"]))
    if len(records) < 2:
        return {}
    figures = {}
    for name, (measure, title, label) in OVERVIEW.items():
        with_measure = [record for record in records if tables.leads(record, measure)]
        if with_measure:
            figures[name] = leads(with_measure, measure, title, label)
    return dict(figures, rmse=rmse(records))


def name_of(record):
    """The title of a record's corpus: `gift_cards` is 'Gift Cards'."""
    return "Sample corpus" if record["data"] == "sample" else record["data"].replace("_", " ").title()


def leads(records, measure, title, label):
    """A forest plot of our lead over each rival by a measure, a panel for each record; each must have the measure."""
    gaps = [tables.leads(record, measure) for record in records]
    largest = [max(abs(gap["difference"]) for gap in panel.values()) or 1. for panel in gaps]  # 1: all are 0
    rivals = sorted({name for panel in gaps for name in panel}, key=lambda name: (np.mean(
        [panel[name]["difference"] / scale for panel, scale in zip(gaps, largest) if name in panel]), name))
    figure, panels = _panels(title, rivals, [name_of(record) for record in records], legend=LEGEND)
    for axes, panel in zip(panels, gaps):
        for height, rival in enumerate(reversed(rivals)):
            if rival in panel:
                _interval(axes, height, panel[rival])
        axes.axvline(0, color=INK, linewidth=.8, zorder=0)
        axes.set_xlabel(label, fontsize=8)
    _legend(figure, "deeprecsys is better", "the rival is better")
    return figure


def rmse(records):
    """A dot plot of test RMSE: mean and standard deviation over seeds, a panel for each record."""
    errors = [{tables.name_of(name): values["rmse"] for name, values in record["ratings"].items()}
              for record in records]
    names = sorted({name for panel in errors for name in panel}, key=lambda name: (np.mean(
        [np.mean(panel[name]) / np.mean(panel[OURS]) for panel in errors if name in panel]), name))
    title = "Test RMSE of all models in stars (less is better): mean and standard deviation over splits"
    figure, panels = _panels(title, names, [name_of(record) for record in records])
    for axes, panel in zip(panels, errors):
        axes.axvline(np.mean(panel[OURS]), color=BROWN, linewidth=.8, linestyle=":", zorder=0)
        for height, name in enumerate(reversed(names)):
            if name in panel:
                style = BETTER if name == OURS else WORSE
                axes.errorbar(np.mean(panel[name]), height, xerr=np.std(panel[name], ddof=1), markersize=5,
                              linewidth=1.2, **style)
        axes.set_xlabel("test RMSE", fontsize=8)
    return figure


def ladder(record):
    """The lines of an ablation that are added one after another: explanation and rating error, step by step."""
    variants = ablation.lines_of(record)
    steps = ablation.of_lines(variants, record["reports"])[:ablation.DEFAULT + 1]
    measures = [name for name in ("planted_auc_shown", "retrieval_auc_centred", "agreement_cosine_1")
                if all(name in report["explanation"] for reports in steps for report in reports)]
    values = {ablation.COLUMNS[name]: [np.mean([report["explanation"][name] for report in reports])
                                       for reports in steps] for name in measures}
    values["test RMSE, stars"] = [np.mean([report["ratings"][OURS]["rmse"] for report in reports]) for reports in steps]
    labels = [_wrapped(line.label) for line in variants[:len(steps)]]
    figure, panels = _panels("From the drawing to deeprecsys: every line adds to the one above it", labels,
                             list(values), row=.42)
    for axes, column in zip(panels, values.values()):
        heights = np.arange(len(column))[::-1]
        axes.plot(column, heights, color=GREY, marker="o", markersize=5, markerfacecolor=BROWN,
                  markeredgecolor=BROWN)
        for value, height in zip(column, heights):
            axes.annotate(f"{value:.3f}", (value, height), (0, 6), textcoords="offset points", fontsize=7, ha="center",
                          color=INK)
        axes.margins(x=.22)
        axes.set_ylim(-.6, len(column) - .3)
    return figure


def switches(record):
    """A forest plot of what each single switch of an ablation costs in squared error."""
    variants = ablation.lines_of(record)[ablation.DEFAULT + 1:]
    gaps = {line.label.replace("deeprecsys, ", "").replace("deeprecsys ", ""): tables.negated(gap)
            for line, gap in zip(variants, record["gaps"][ablation.DEFAULT + 1:]) if gap}
    labels = sorted(gaps, key=lambda label: -gaps[label]["difference"])
    figure, (axes,) = _panels("deeprecsys with one part changed: rise of the squared error", labels, [""], width=4.6,
                              legend=LEGEND)
    for height, label in enumerate(reversed(labels)):
        _interval(axes, height, gaps[label])
    axes.axvline(0, color=INK, linewidth=.8, zorder=0)
    axes.set_xlabel("squared error of the variant - that of deeprecsys, in stars²", fontsize=8)
    _legend(figure, "the part is needed", "the variant is better")
    return figure


def _panels(title, labels, heads, row=ROW, width=PANEL, legend=0.):
    """(figure, axes of its panels side by side), a row for each label."""
    margin = .068 * max(len(line) for label in labels for line in label.splitlines()) + .3
    size = (margin + width * len(heads), TOP + row * len(labels) + BOTTOM + legend)
    figure = Figure(size, facecolor="white")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(heads), sharey=True, squeeze=False)[0]
    figure.subplots_adjust(left=margin / size[0], right=1 - .15 / size[0], top=1 - TOP / size[1],
                           bottom=(BOTTOM + legend) / size[1], wspace=.1)
    figure.text(.1 / size[0], 1 - .12 / size[1], title, fontsize=10.5, color=INK, va="top")
    for axes, head in zip(panels, heads):
        axes.set_title(head, fontsize=9, color=INK, loc="left")
        axes.set_yticks(range(len(labels)))
        axes.set_yticklabels(list(reversed(labels)), fontsize=8)
        axes.set_ylim(-.7, len(labels) - .3)
        axes.grid(axis="y", color="#eeeeee", linewidth=.7)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=8, length=2)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.get_major_locator().set_params(nbins=4)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
    return figure, panels


def _interval(axes, height, gap):
    style = {1: BETTER, 0: UNSURE, -1: WORSE}[significance.sign(gap)]
    axes.plot([gap["low"], gap["high"]], [height, height], color=style["color"], linewidth=1.4, zorder=1)
    axes.plot(gap["difference"], height, markersize=5, linestyle="", zorder=2, **style)


def _legend(figure, better, worse):
    entries = ((better, BETTER), (worse, WORSE), ("not significant: the 95 % interval holds 0", UNSURE))
    handles = [Line2D([], [], linestyle="", markersize=5, label=label, **style) for label, style in entries]
    figure.legend(handles=handles, loc="lower left", ncol=3, fontsize=8, frameon=False, borderaxespad=.3)


def _wrapped(label, length=44):
    """A label over two lines where it is long."""
    cut = label.rfind(" ", 0, length)
    return label if len(label) <= length else f"{label[:cut]}\n   {label[cut + 1:]}"
