"""The rows on aspects, for the terminal and the page: what the reviews shown speak of, coherence, polarity, truth."""
from evaluation.aspects import COVER, NAMES
from metrics import labels, significance
from metrics.comparison import OURS
from runtime.report import markup

TITLE = "Aspects: what reviews speak of"
SHOWN = (OURS, "swapped", "random", "helpful", "centroid", "tfidf", "aspect_cover_swapped")  # compared with COVER
PLANTED = {"f1": "sentences on planted aspects, F1", "adjusted_rand": "the same, adjusted Rand index",
           "cared_first": "profiles that begin with the aspects cared about",
           "praise_of_quality": "share of praise and planted quality, Spearman"}
TOPICS = {"aspects": "coherence on held-out reviews, NPMI", "lda": "the same of LDA", "kmeans": "the same of k-means"}


def rows(record):
    """Returns [(name, value, note)] of a report's record; [] where it has no aspects."""
    found = record.get("aspects")
    if not found:
        return []
    lines = [("number of aspects", str(found["count"]), ", ".join(found["names"]))]
    lines += [(label, _number(found["planted"].get(name)), "") for name, label in PLANTED.items() if "planted" in found]
    lines.append(("polarity and stars of test reviews, AUC", _number(found.get("polarity_auc")), ""))
    for name, label in TOPICS.items():
        if name in found["coherence"]:
            one = found["coherence"][name]
            lines.append((label, _number(one["npmi"]), _note("aspects - these", one.get("difference"))))
    for key, name in NAMES.items():
        lines.append((f"{labels.METHODS[COVER]}, {key}", _number(found["cover"]["means"].get(name)), ""))
        lines += [(f"  {labels.method(method, labels.system(record))}", _number(_value(record, method, name)),
                   _note("cover - this", found["cover"]["difference"][name].get(method)))
                  for method in SHOWN if method in found["cover"]["difference"][name]]
    return lines


def plain(record):
    """Returns the rows as lines for a terminal."""
    lines = [f"{name:<52}{value:>9}   {note}".rstrip() for name, value, note in rows(record)]
    return ["", TITLE] + lines if lines else []


def section(record):
    """Returns the rows as a table of the page."""
    found = rows(record)
    if not found:
        return []
    return [f"<h3>{TITLE}</h3>", markup.element(
        "p", "Cover of aspects: three reviews chosen to speak of what the user is likely to speak of, with praise and "
        "criticism as in the item's reviews, by the order of the system and by the user's profile. Precision, recall "
        "and F compare the aspects, each with praise or criticism, of the reviews shown with those of the review that "
        "the user went on to write."), markup.table(["measure", "", "difference, 95 % interval"], found, OURS)]


def _value(record, method, name):
    values = record["explanation"] if method == OURS else record["explanation_rules"].get(method, {})
    return values.get(name)


def _number(value):
    return "" if value is None else f"{value:.4f}"


def _note(what, gap):
    return f"{what} {significance.as_text(gap)}" if gap else ""
