"""The names of measures, explanation methods and models in tables, plots, reports and the shop's pages."""
from metrics.comparison import BY_STARS, ORACLE, OURS, WITHOUT_EVIDENCE

MEASURES = {  # in the order of the tables
    "planted_auc": "planted AUC", "planted_auc_shown": "planted AUC, shown",
    "planted_precision_at_3": "planted precision@3", "retrieval_auc": "retrieval AUC",
    "retrieval_mrr": "retrieval MRR", "retrieval_auc_centred": "retrieval AUC, centred",
    "retrieval_auc_unlike_50": "retrieval AUC, no copies (.5)",
    "retrieval_auc_unlike_30": "retrieval AUC, no copies (.3)",
    "agreement_cosine_1": "first shown: cosine", "agreement_cosine_3": "first three: cosine",
    "agreement_rouge1_1": "first shown: ROUGE-1", "agreement_rouge1_3": "first three: ROUGE-1",
    "agreement_rougel_1": "first shown: ROUGE-L", "agreement_rougel_3": "first three: ROUGE-L",
    "agreement_aspects_1": "first shown: main words", "agreement_aspects_3": "first three: main words",
    "aspect_precision_3": "first three: aspects, precision", "aspect_recall_3": "first three: aspects, recall",
    "aspect_f_3": "first three: aspects, F",
    "comprehensiveness": "comprehensiveness", "sufficiency": "sufficiency (less is better)",
    "tau_leave_one_out": "tau with leave-one-out", "tau_gradient": "tau with gradient x input",
    "tau_votes": "tau of votes with leave-one-out",
    "helpful_ndcg": "helpful votes nDCG", "personality": "personality",
    "attention_entropy": "attention entropy"}
METHODS = {
    OURS: OURS, "swapped": "swapped users", "random": "random order",
    "latest": "latest", "longest": "longest", "helpful": "most helpful",
    "highest_rated": "highest rated", "centroid": "centroid", "expected": "expected words",
    "tfidf": "TF-IDF", "lsi": "LSI", "tfidf_lsi": "TF-IDF + LSI", "centroid_tfidf": "centroid + TF-IDF",
    "fitted_rules": "all rules, fitted",
    "aspect_cover": "cover of aspects", "aspect_cover_swapped": "cover of aspects, swapped"}
MODELS = {
    OURS: OURS, "mean": "training mean", "bias": "damped biases",
    "mf": "matrix factorisation", "svd": "SVD (Surprise)", "svdpp": "SVD++ (Surprise)",
    WITHOUT_EVIDENCE: "deeprecsys, without evidence", BY_STARS: "deeprecsys, by stars",
    "popular": "most popular", "item_knn": "ItemKNN", "rp3beta": "RP3beta",
    "ease": "EASE", "text_ease": "text-EASE", "ials": "iALS", "bpr": "BPR", "content": "content TF-IDF",
    ORACLE: "oracle", "ranking": "deeprecsys, trained to rank", "drawing": "drawing",
    "original": "original", "narre": "NARRE", "deepconn": "DeepCoNN"}
RANKINGS = {
    "hit_rate_10": "HR@10", "recall_10": "recall@10", "recall_20": "recall@20", "ndcg_10": "nDCG@10", "mrr": "MRR",
    "expected_ndcg_10": "expected nDCG@10",
    "hit_rate_10_liked": "HR@10, liked", "ndcg_10_liked": "nDCG@10, liked", "coverage_10": "coverage@10",
    "overlap_10": "overlap@10", "popularity_bias_10": "popularity bias@10", "novelty_10": "novelty@10"}
CHIEF_RANKING = "ndcg_10"  # rankings are compared by this measure
EXPECTED_RANKING = "expected_ndcg_10"  # the same by the planted odds, without the noise of the test items
OF_ORDER = "ranking_"  # begins the name of a measure of FAITHFULNESS that is absent
FAITHFULNESS = {  # of rankings: what is measured, and its control
    "review": "places moved without the review of the largest share",
    "purchase": "places moved without the purchase of the largest part",
    "swapped": "nDCG@10 of other users' orders"}
FAITHFULNESS_CONTROLS = {"review": "without a random review", "purchase": "without a random purchase",
                         "swapped": "most popular"}
RANKING_DIFFERENCE = f"nDCG@10, {OURS} - model, 95 % interval"
MEANINGS = {  # of the measures that the shop shows, for readers who do not know their names
    "planted_auc": "Finds the reviews that were planted for the shopper (AUC)",
    "retrieval_auc": "Finds the shopper’s own held-out review among the item’s reviews (AUC)",
    "retrieval_auc_centred": "Finds the own held-out review, after subtracting each review’s mean score for other "
                             "shoppers (AUC)",
    "agreement_rouge1_1": "Similarity of the first shown review to the shopper’s own held-out review (ROUGE-1 F)",
    "agreement_cosine_1": "Similarity of the first shown review to the shopper’s own held-out review (TF-IDF cosine)"}


def measure(name):
    """The name of a measure for readers."""
    return MEASURES.get(name, FAITHFULNESS.get(name.replace(OF_ORDER, "", 1), name))


def test_pairs(record):
    """How many pairs a report measured, in words."""
    users = record.get("sampled_users")
    return f"{record['test_pairs']} test pairs" + (f" of a sample of {users} users" if users else "")


def system(record):
    """The name of the system that a report's record is about: deeprecsys, or another whose scores were given."""
    return record.get("system", OURS)


def method(name, ours=OURS):
    """The name of an explanation method for readers, `ours` for the system itself."""
    return ours if name == OURS else METHODS.get(name, name)


def model(name, ours=OURS):
    """The name of a model for readers, `ours` for the system itself."""
    return MODELS[name].replace(OURS, ours) if name in MODELS else name
