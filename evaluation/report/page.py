"""A run's report as one page that needs nothing beside it: no script, no file of another place."""
import base64
from html import escape

from evaluation import examples
from evaluation.report import charts
from evaluation.report.labels import MEASURES, METHODS, MODELS, RANKINGS
from metrics.comparison import OURS, SWAPPED

PLOTTED = ("retrieval_auc_centred", "agreement_cosine_1", "comprehensiveness", "planted_auc")
LONGEST = 700  # characters of a review
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
body { font: 15px/1.5 Georgia, serif; color: #2b211d; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1, h2, h3, th, figcaption, small { font-family: Helvetica, Arial, sans-serif }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: 13px }
th, td { text-align: right; padding: .2rem .55rem; border-bottom: 1px solid #ddd; white-space: nowrap }
th:first-child, td:first-child { text-align: left } tr.ours td { font-weight: bold; background: #f8eee9 }
figure { margin: 1rem 0 } img { max-width: 100% } blockquote { margin: .4rem 0; padding-left: .8rem;
border-left: 3px solid #b5532a; overflow-wrap: anywhere } article { border-top: 1px solid #ccc }
"""


def of(record, found, predicted, stars, chosen):
    """The page.

    Args:
      record: of report.json.
      found: {method: {measure: [n]}} of the test pairs.
      predicted: {model: [n]} stars.
      stars: [n] that were given.
      chosen: `examples.chosen`.
    """
    title = f"{record['run']} on {record['data']}"
    parts = [f"<h1>{escape(title)}</h1>", f"<p>Preset {escape(record['preset'])}, seed {record['seed']}, "
             f"{record['test_pairs']} test pairs.</p>"]
    if record["ratings"]:
        parts += _ratings(record, predicted, stars) + _rankings(record) + _explanations(record, found)
    parts += _absent(record["absent"]) + _examples(chosen)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<meta name="viewport" '
            f'content="width=device-width">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f"\n<title>{escape(title)}</title>\n<style>{STYLE}</style></head>\n<body>\n"
            + "\n".join(parts) + "\n</body></html>\n")


def _ratings(record, predicted, stars):
    rows = [[MODELS.get(name, name)] + [f"{scores[key]:.4f}" for key in ("rmse", "mae", "rmse_unclipped")]
            + [_gap(scores.get("difference"))] for name, scores in sorted(
                record["ratings"].items(), key=lambda entry: entry[1]["rmse"])]
    parts = ["<h2>Ratings</h2>", _table(
        ["model", "RMSE", "MAE", "RMSE, not clipped", "our squared error less its"], rows)]
    for side, groups in record["rating_groups"].items():
        names = list(groups[OURS])
        rows = [[name, groups[OURS][name]["pairs"]] + [f"{scores[name]['rmse']:.4f}"
                                                       for scores in groups.values()] for name in names]
        parts += [f"<h3>By training rows of the {side}</h3>", _table(
            ["rows", "pairs"] + [f"RMSE, {MODELS[model]}" for model in groups], rows)]
    return parts + [_picture(charts.by_stars("Predicted and given stars", predicted[OURS], stars),
                             "Predicted stars for each number of given stars")]


def _rankings(record):
    lists = record.get("rankings")
    if not lists:
        return []
    rows = [[MODELS.get(name, name)] + [f"{scores[key]:.4f}" if key in scores else "" for key in RANKINGS]
            for name, scores in lists["models"].items()]
    return ["<h2>Rankings</h2>", f"<p>All {lists['items']} items less those of training, for {lists['users']} "
            "users with test items.</p>", _table(["model"] + list(RANKINGS.values()), rows)]


def _explanations(record, found):
    told, rules = record["explanation"], record["explanation_rules"]
    known = [name for name in MEASURES if name in told]
    methods = [OURS] + [method for method in METHODS if method in rules]
    values = dict(rules, **{OURS: told})
    rows = [[MEASURES[name]] + [f"{values[method][name]:.4f}" if name in values[method] else ""
                                for method in methods] for name in known]
    parts = ["<h2>Explanations</h2>", _table(["measure"] + [METHODS[method] for method in methods], rows)]
    for name in [name for name in PLOTTED if name in told]:
        gaps = {METHODS[rule]: values["difference"][name] for rule, values in rules.items()
                if name in values["difference"]}
        if gaps:
            parts.append(_picture(charts.leads(MEASURES[name], gaps), f"Our lead in {MEASURES[name]}"))
    samples = {"attention": found[OURS]["attention_entropy"]}
    parts.append(_picture(charts.histogram("Entropy of attention (1: uniform)", samples, "share of ln n", (0, 1)),
                          "Entropy of the attention weights"))
    samples = {METHODS[name]: found[name]["personality"] for name in (OURS, "tfidf") if name in found}
    return parts + [_picture(charts.histogram(
        "Personality: 1 - Kendall's tau between shoppers", samples, "0 the same order, 1 by chance"),
        "How much the order depends on the shopper"), f"<p>Likeness measured by {SWAPPED} shoppers is a control: "
        "what survives the swap is not personal.</p>"]


def _absent(reasons):
    if not reasons:
        return []
    return ["<h2>Absent</h2>", "<ul>"] + [f"<li>{escape(MEASURES.get(name, name))}: {escape(why)}</li>"
                                          for name, why in reasons.items()] + ["</ul>"]


def _examples(chosen):
    parts = [f"<h2>Examples</h2>\n<p>{len(chosen)}: {escape(examples.RULE)}.</p>"]
    for record in chosen:
        parts.append(
            f"<article><h3>{record['why']}: {escape(record['title'] or record['item'])} for "
            f"{escape(record['user'])}</h3>\n<p>{record['rating']:.2f} stars predicted, {record['given']:.0f} "
            f"given; {record['shown']} reviews.</p>")
        for review in record["reviews"]:
            parts.append(f"<blockquote><small>{review['weight']:.1%}, {review['vote']:+.3f} stars; "
                         f"{escape(review['user'])} gave {review['rating']:.0f}</small><br>"
                         f"{_short(review['text'])}</blockquote>")
        parts.append(f"<p><small>What the shopper went on to write:</small> {_short(record['wrote'])}</p></article>")
    return parts


def _short(text):
    return escape(text if len(text) <= LONGEST else text[:LONGEST] + " ...")


def _gap(gap):
    return "" if not gap else f"{gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}]"


def _table(head, rows):
    """A table; the row of the network stands out. All text is escaped."""
    ours = MODELS[OURS]
    lines = ["<tr>" + "".join(f"<th>{escape(str(name))}</th>" for name in head) + "</tr>"]
    lines += [f"<tr{' class=ours' if row[0] == ours else ''}>" + "".join(
        f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows]
    return '<div class="wide"><table>\n' + "\n".join(lines) + "\n</table></div>"


def _picture(figure, alt):
    data = base64.b64encode(charts.png(figure)).decode("ascii")
    return f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{data}"></figure>'
