"""Measures as pure functions on arrays: no files, no TensorFlow, no import from the rest of the project.

    rating.py         rating error in stars: RMSE and MAE, over all pairs or by groups of users or items
    ranking.py        ranks of held-out items in the whole catalogue: HR, recall, nDCG, MRR, coverage, popularity bias
    explanation.py    scores of an item's reviews, pair by pair: AUC, precision, agreement, retrieval, attention entropy
    counterfactual.py  ranks of items when something that their scores are made of is left out
    planted.py        the planted truth of a sample corpus: which reviews are relevant to which user
    overlap.py        similarity of two reviews by their words: ROUGE-1, ROUGE-L, aspects
    helpfulness.py    whether the reviews shown first are those that readers voted helpful: nDCG of Wilson bounds
    aspects.py        measures of aspects: whether they hold together, and are the planted ones
    aspect_coverage.py  three reviews that cover what a shopper speaks of: choosing them, and measuring them
    faithfulness.py   whether the reviews shown first determine the rating: comprehensiveness, sufficiency, tau
    personality.py    how much the order of an item's reviews depends on the user, compared with a second training
    comparison.py     the network and training-free rules by the same measures, with differences between them
    claims.py         what the intervals of a report allow to be said of its run, in sentences
    significance.py   bootstrap intervals over users, and Holm's correction for many tests
    labels.py         the names of measures, methods and models in tables, plots and pages

`docs/evaluation.md` defines every measure.
"""
