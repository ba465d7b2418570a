"""The plots of the page: leads over every other method, predicted stars, entropy and personality."""
from runtime.report import charts, markup
from metrics import labels
from metrics.comparison import OURS

LEADS = {
    "retrieval_auc_centred": "Lead of {system} in retrieval AUC, centred: finding the user's own review",
    "agreement_cosine_1": "Lead of {system} in the similarity of the first shown review to the user's own review",
    "comprehensiveness": "Lead of {system} in comprehensiveness: stars by which the rating changes without the "
                         "reviews shown first",
    "planted_auc_shown": "Lead of {system} in planted AUC: showing relevant reviews above others"}
TFIDF = "tfidf"  # the rule whose personality is shown beside the network's


def section(record, measures, predicted, stars):
    """The HTML of the plots.

    Args:
      record: of report.json.
      measures: {method: {measure: [n]}} of the test pairs.
      predicted: {model: [n]} stars.
      stars: [n] that were given.
    """
    rules, pictures, ours = record["explanation_rules"], [], labels.system(record)
    for name, caption in LEADS.items():
        gaps = {labels.method(rule): values["difference"][name] for rule, values in rules.items()
                if name in values["difference"]}
        if gaps:
            pictures.append(markup.picture(charts.leads("", gaps, charts.NARROW, ours),
                                           caption.format(system=ours)))
    if predicted:
        pictures.append(markup.picture(charts.by_stars("", predicted[OURS], stars, charts.NARROW),
                                       "Predicted stars for each number of given stars; the dashed line is perfect"))
    samples = {"attention": measures[OURS]["attention_entropy"]}
    pictures.append(markup.picture(
        charts.histogram("", samples, "entropy / ln(number of reviews)", (0, 1), charts.NARROW),
        "Entropy of the attention weights: 1 is uniform, 0 means that one review has all the weight"))
    samples = {labels.method(name, ours): measures[name]["personality"] for name in (OURS, TFIDF) if name in measures}
    pictures.append(markup.picture(
        charts.histogram("", samples, "1 - Kendall's tau between users", width=charts.NARROW),
        "Personality, how much the order of the reviews depends on the user: 0 is the same order, 1 a random one"))
    return ["<h2>Plots</h2>", '<div class="plots">'] + pictures + ["</div>"]
