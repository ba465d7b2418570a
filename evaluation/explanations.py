"""Every way to choose reviews for a shopper, measured on the test pairs by the same measures."""
import numpy as np

from evaluation import faithfulness, review_scores
from metrics import comparison, explanation, personality
from models.training import summaries

NETWORK, SWAPPED = comparison.OURS, comparison.SWAPPED
STRANGERS = 8  # other shoppers who are asked about each pair's item
MIXED = {"tfidf_lsi": ("tfidf", "lsi"), "centroid_tfidf": ("centroid", "tfidf")}
MEASURED = {"tfidf_lsi": "retrieval_auc", "centroid_tfidf": "agreement_cosine_1"}
ASKING = (NETWORK, "tfidf", "lsi", "tfidf_lsi")  # methods that know the shopper


def measured(run, texts, relevance, random):
    """{method: {measure: [n]}} of the network, it asked by strangers ("swapped") and the rules.

    Args:
      run: Trained.
      texts: `corpus.Texts`.
      relevance: (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None: nothing is planted.
      random: RandomState, for the strangers and for what ties.

    Returns:
      (that, shown [n, R]: the network's weights).
    """
    test, train = run.artefact.test, run.artefact.train
    words = review_scores.words_of(texts.words, run.corpus.bags)
    facts = review_scores.facts_of(run, test, words, relevance, texts.votes)
    weights, nobody = rule_weights(run, words), review_scores.asked_by_nobody(run, test)
    own = methods(run, test.user, test, nobody, weights)
    strangers = [methods(run, users, test, nobody, weights) for users in explanation.strangers(
        STRANGERS, test.user, test.item, (train.user, train.item), random)]
    found = {name: comparison.measures(*scores, facts) for name, scores in own.items()}
    for name in ASKING:
        found[name]["retrieval_auc_centred"] = comparison.centred(
            own[name][0], [other[name][0] for other in strangers], facts)
        found[name]["personality"] = personality.between_shoppers(
            own[name][1].reviews, [other[name][1].reviews for other in strangers], facts.real)
    found[SWAPPED] = swapped([other[NETWORK] for other in strangers], facts)
    shown = {name: scores[1].reviews for name, scores in own.items()}
    found[NETWORK]["attention_entropy"] = entropy(shown[NETWORK], facts.real)
    orders = dict(shown, **{SWAPPED: strangers[0][NETWORK][1].reviews})
    for name, values in faithfulness.measured(run, orders, random).items():
        found[name].update(values)
    return found, shown[NETWORK]


def entropy(weights, real):
    """`summaries.entropy` [n]; NaN of pairs with fewer than two reviews."""
    several = real.sum(1) > 1
    found = np.full(len(real), np.nan)
    found[several] = summaries.entropy(weights, real)
    return found


def methods(run, users, split, nobody, weights):
    """{method: (Scores that find, Scores that are shown)} when `users` [n] ask.

    A rule is both itself. `nobody` are the rules that do not know who asks, `weights` those of
    `rule_weights`; without them no rule is mixed.
    """
    asked = review_scores.asked_by(run, users, split)
    network = asked.pop("personal"), asked.pop("shown")
    rules = dict(nobody, **asked)
    for name, weight in weights.items():
        one, other = MIXED[name]
        rules[name] = comparison.mixed(rules[one], rules[other], weight)
    return dict({name: (scores, scores) for name, scores in rules.items()}, **{NETWORK: network})


def rule_weights(run, words):
    """{mixed rule: weight of its second part}: the best on validation, by what the rule is good for."""
    split = run.artefact.validation
    facts = review_scores.facts_of(run, split, words._replace(sequences=None))
    parts = methods(run, split.user, split, review_scores.asked_by_nobody(run, split), {})
    return {name: comparison.best_weight(parts[one][0], parts[other][0], MEASURED[name], facts)
            for name, (one, other) in MIXED.items()}


def swapped(strangers, facts):
    """Measures of the network asked by strangers, each the mean over them."""
    each = [comparison.measures(*scores, facts) for scores in strangers]
    found = {name: np.mean([values[name] for values in each], 0) for name in each[0]}
    first, *others = [personal for personal, _ in strangers]
    return dict(found, retrieval_auc_centred=comparison.centred(first, others, facts))
