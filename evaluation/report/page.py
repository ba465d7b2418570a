"""The page of an evaluated run, one file without scripts that loads nothing: numbers, plots, tables, examples."""
from evaluation import examples
from evaluation.report import aspects, cards, plots, tables
from metrics import claims, labels
from models import config as configs
from runtime.report import markup

LONGEST = 700  # characters of a review
WHY = {"worst": "Worst", "best": "Best", "random": "Random"}


def of(record, measures, predicted, stars, chosen):
    """The page as HTML.

    Args:
      record: of report.json.
      measures: {method: {measure: [n]}} of the test pairs.
      predicted: {model: [n]} stars.
      stars: [n] that were given.
      chosen: `examples.chosen`.
    """
    title = f"Evaluation of {labels.system(record)} on the data “{record['data']}”"
    parts = [markup.element("h1", title), markup.element(
        "p", f"{_source(record)}; {labels.test_pairs(record)}. docs/evaluation.md defines every measure.",
        "facts")]
    parts += [markup.element("p", line) for line in tables.answers(record)]
    if measures:
        said = [markup.element("li", claim.text) for claim in claims.of(record)]
        parts += ["<h2>What this shows</h2>", "<ul>"] + said + ["</ul>"] + cards.section(record)
        parts += plots.section(record, measures, predicted, stars) + ["<h2>Tables</h2>"]
        parts += tables.ratings(record) + tables.explanations(record) + tables.rankings(record)
        parts += tables.ranking_faithfulness(record) + aspects.section(record)
    parts += tables.absent(record["absent"]) + _examples(chosen)
    return markup.document(title, parts)


def _source(record):
    """Where the answers come from, in words."""
    if "file" in record:
        return f"Scores of “{record['run']}”"
    trained = f", trained on {record['trained'][:10]}" if record.get("trained") else ""
    preset = f", preset “{record['preset']}”" if record["preset"] in configs.PRESETS else ", configured by a file"
    preset = "" if record["preset"] == configs.DEFAULT else preset
    return f"Run “{record['run']}”{preset}, seed {record['seed']}{trained}"


def _examples(chosen):
    if not chosen:
        return []
    parts = ["<h2>Examples</h2>", markup.element("p", f"{len(chosen)} examples: {examples.RULE}. Of each item the "
                                                 f"first {examples.TOP} reviews are shown, by attention weight.")]
    for record in chosen:
        parts += ["<article>", markup.element("h3", f"{WHY[record['why']]}: {record['title'] or record['item']}"),
                  markup.element("p", f"For user {record['user']}: {record['rating']:.2f} stars predicted, "
                                 f"{record['given']:.0f} given; the item has {record['shown']} reviews.")]
        for review in record["reviews"]:
            parts.append(_quote(f"{review['user']} gave {review['rating']:.0f} stars; attention weight "
                                f"{review['weight']:.1%}, vote {review['vote']:+.3f} stars", review["text"]))
        parts += [_quote("What the user went on to write", record["wrote"], ' class="own"'), "</article>"]
    return parts


def _quote(heading, text, attribute=""):
    short = text if len(text) <= LONGEST else text[:LONGEST] + " ..."
    return (f"<blockquote{attribute}>{markup.element('small', heading)}<br>"
            f"{markup.element('span', short)}</blockquote>")
