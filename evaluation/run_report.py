"""Evaluates one run on its test split, step by step, and writes report.json, report.html and pairs.npz.

No other code reads the test split, except `experiments/peers.py`, which measures SVD and SVD++ on it.
"""
import os
from typing import NamedTuple, Optional

import numpy as np

from evaluation import absence, corpus, explanations, faithfulness, ranking_faithfulness, rankings, ratings
from evaluation.report import page
from metrics import comparison
from metrics.comparison import BY_STARS, OURS
from metrics.labels import CHIEF_RANKING
from models.inference import catalogue_order
from models.ranking import rivals
from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import files
from runtime.cli import UserError

TRUTH = contract.TRUTH
STEPS = 5  # of `evaluate`


class Evaluation(NamedTuple):
    """What was measured of a run on its `n` test pairs."""
    record: dict  # of report.json
    measures: dict  # {method: {measure: [n]}} of explanations
    predicted: dict  # {model: [n] stars}
    weights: Optional[np.ndarray]  # [n, R] attention weights of the network; None where the test split is empty
    lists: Optional[rankings.Measured]  # rankings of the catalogue; None where no user has a new test item


def evaluate(run, name, truth, seed, steps):
    """The Evaluation of a run.

    The draws of `seed` follow one another through all steps: their order decides the numbers.

    Args:
      run: Trained.
      name: of the run.
      truth: the record of truth.json, or None.
      seed: of controls, samples and intervals.
      steps: progress.Steps, for STEPS steps.
    """
    test, texts = run.artefact.test, corpus.read(run)
    record = {"data": run.record["data"], "run": name, "preset": run.record["preset"], "seed": run.config.seed,
              "trained": run.record.get("started"), "test_pairs": len(test.user)}
    if not len(test.user):
        empty = dict.fromkeys(("ratings", "rankings", *absence.MEASURES), absence.EMPTY)
        record.update(ratings={}, explanation={}, explanation_rules={}, absent=empty)
        return Evaluation(record, {}, {}, None, None)
    random = np.random.RandomState(seed)
    relevance = None if truth is None else corpus.planted_relevance(truth, texts, TRUTH)
    with steps.step(f"Explanations of {len(test.user)} test pairs, by deeprecsys and by rules ...") as bar:
        explained = explanations.measured(run, texts, relevance, random, bar)
    with steps.step("Faithfulness: ratings without the reviews shown first ...") as bar:
        for method, values in faithfulness.measured(run, explained.orders, random, bar).items():
            explained.measures[method].update(values)
    ours, rules = comparison.records(explained.measures, test.user, random)
    absent = absence.reasons(ours, texts)
    with steps.step("Rating errors of deeprecsys and baselines ..."):
        models = ratings.models_of(run)
        predicted = ratings.predictions(run, models)
        record["ratings"], record["rating_groups"] = ratings.measured(run.artefact, predicted, random)
    with steps.step("Rankings of the whole catalogue, and their faithfulness ...") as bar:
        lists = ranked(run, models, corpus.oracle(truth, texts, TRUTH), random, bar)
    if lists is None:
        absent["rankings"] = absence.RANKINGS
    else:
        record["rankings"] = lists.record
        absent.update(absence.reasons_of_rankings(lists.record))
    record.update(explanation=ours, explanation_rules=rules, absent=absent)
    return Evaluation(record, explained.measures, predicted, explained.orders[OURS], lists)


def ranked(run, models, oracle, random, bar):
    """The rankings.Measured of the run, of baselines and of rivals; None where no user has a new test item.

    The run is measured by its order of items and by predicted stars; a run without an order, by stars alone.

    Args:
      run: Trained.
      models: {model: function of pairs -> stars}, `ratings.models_of` the run.
      oracle: users [m] -> [m, I] scores of the planted truth, or None.
      random: RandomState.
      bar: progress.Bar.
    """
    items = len(run.artefact.item_reviews)
    fitted = rivals.fit_all(run.artefact, run.config.seed, rivals.budget_of(items))
    stars = {BY_STARS if name == OURS else name: predict for name, predict in models.items()}
    scorers = {name: rival.score for name, rival in fitted.items()}
    if run.order is not None:
        scorers[OURS] = catalogue_order.CatalogueOrder(run.predictor, run.order)
    if oracle is not None:
        scorers["oracle"] = oracle
    lists = rankings.measured(run.artefact, scorers, stars, OURS, random, bar)
    if lists is None:
        return None
    lists.record["settings"] = {name: rival.setting for name, rival in fitted.items() if rival.setting}
    if run.order is None:
        return lists
    values = ranking_faithfulness.measured(scorers[OURS], lists.held, lists.by_user["popular"][CHIEF_RANKING], random)
    lists.record["order"] = run.order.numbers()
    lists.record["faithfulness"] = ranking_faithfulness.records(values, lists.users, random)
    return lists._replace(faithful=values)


def save(folder, run, evaluation, chosen):
    """Writes pairs.npz, report.html, then report.json, each whole or not at all; report.json says that all are there.

    Args:
      folder: of the run.
      run: Trained.
      evaluation: Evaluation of the run.
      chosen: `examples.chosen`, for the page.

    Returns:
      The path of report.html.
    """
    html = page.of(evaluation.record, evaluation.measures, evaluation.predicted, run.artefact.test.rating, chosen)
    path = os.path.join(folder, layout.PAGE)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with files.written(os.path.join(folder, layout.PAIRS)) as out:
            np.savez_compressed(out, **arrays_of(run.artefact.test, evaluation))
        files.write_text(path, html)
        files.write_json(os.path.join(folder, layout.REPORT), evaluation.record)
    except OSError as error:
        raise UserError(f"{folder}: the evaluation cannot be written ({files.reason(error)}); free space on the "
                        "disk, then evaluate again") from error
    return path


def arrays_of(test, evaluation):
    """The arrays of pairs.npz: `user`, `item`, `rating` [n] of the test pairs, `shown` [n, R], the attention weights,
    `<method>/<measure>` [n] and `predicted/<model>` [n]; of rankings `ranked_user`, `ranked/<model>/<measure>` [m] and
    `ranking_faithfulness/<measure>/value`, `.../control` [m].
    """
    arrays = {f"{method}/{name}": values for method, measures in evaluation.measures.items()
              for name, values in measures.items()}
    arrays.update({f"predicted/{name}": values for name, values in evaluation.predicted.items()})
    if evaluation.lists is not None:
        arrays["ranked_user"] = evaluation.lists.users
        arrays.update({f"ranked/{model}/{name}": values.astype(np.float32)
                       for model, measures in evaluation.lists.by_user.items() for name, values in measures.items()})
        arrays.update({f"{ranking_faithfulness.NAME}/{measure}/{key}": values.astype(np.float32)
                       for measure, both in evaluation.lists.faithful.items() for key, values in both.items()})
    if evaluation.weights is not None:
        arrays["shown"] = evaluation.weights.astype(np.float32)
    return dict(arrays, user=test.user, item=test.item, rating=test.rating)
