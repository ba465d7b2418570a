"""Evaluates a system on a test split: rating errors, rankings of the catalogue, and explanations.

A system is a trained run, or any other model whose scores are given in a file.

    systems/           what is evaluated: which pairs are asked about, and who answers
    run_report.py      all measures of one system in order, and the files report.json, report.html and pairs.npz
    corpus.py          texts, helpful votes and planted truth of the run's data
    review_scores.py   scores of each candidate review of every held-out pair, by rules
    explanations.py    every method of choosing reviews, by the measures of `metrics`
    faithfulness.py    how ratings change when the reviews shown first are removed, or only they are kept
    ratings.py         rating errors of the network and of baselines that read no reviews
    rankings.py        ranks of test items in lists of the whole catalogue
    ranking_faithfulness.py  whether the reviews and purchases that are shown as reasons rank an item
    aspects.py         whether the reviews shown speak of what the user went on to speak of
    aspect_quality.py  whether the aspects of a run hold together, are the planted ones, and tell the stars
    user_groups.py     whether the groups of users are the planted ones
    absence.py         why a measure is absent from a report
    explained.py       explanations of given pairs, for `./run explain`
    examples.py        ten example explanations for the page
    progress.py        log lines and progress bars
    report/            the page, its plots and tables, and the table for a terminal

`docs/evaluation.md` defines every measure and the protocol.
"""
