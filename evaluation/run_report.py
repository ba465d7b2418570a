"""Evaluates one system on its test split, step by step, and writes report.json, report.html and pairs.npz.

A system is a trained run or the scores of another model in a file; see `systems/`.

The test split is read by no other code but `commands/pairs.py`, which writes what an evaluation asks about,
`experiments/peers.py`, which measures SVD and SVD++ on it, and `user_modeling/user_report/held_out.py` and
`tSNE/held_out.py`, which measure groups of users and clusters on it. Nothing is chosen on it.
"""
import os
from typing import NamedTuple, Optional

import numpy as np

from evaluation import absence, aspects, corpus, explanations, faithfulness, ranking_faithfulness, rankings, ratings
from evaluation.report import page
from evaluation.systems import pairs
from metrics import comparison
from metrics.comparison import BY_STARS, ORACLE, OURS, WITHOUT_EVIDENCE
from metrics.labels import CHIEF_RANKING
from models.ranking import rivals
from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import files, memory
from runtime.cli import UserError

TRUTH = contract.TRUTH
STEPS = 6  # of `evaluate`


class Evaluation(NamedTuple):
    """What was measured of a system on its `n` test pairs."""
    record: dict  # of report.json
    measures: dict  # {method: {measure: [n]}} of explanations
    predicted: dict  # {model: [n] stars}; {} where the system predicts none
    weights: Optional[np.ndarray]  # [n, R] scores by which the system shows; None where the test split is empty
    lists: Optional[rankings.Measured]  # rankings of the catalogue; None where there are none


def evaluate(system, truth, seed, steps, tables=None):
    """The Evaluation of a system.

    Args:
      system: `systems.system.System`.
      truth: the record of truth.json, or None.
      seed: of controls, samples and intervals.
      steps: progress.Steps, for STEPS steps.
      tables: aspect_tables.Tables of the run, or None.
    """
    data, test, texts = system.data, system.data.artefact.test, corpus.read(system.data)
    record = dict(system.about, data=data.artefact.meta["name"], system=system.name, test_pairs=len(test.user))
    if not len(test.user):
        return _of_no_pairs(record)
    relevance = None if truth is None else corpus.planted_relevance(truth, texts, TRUTH)
    with steps.step(f"Explanations of {len(test.user)} test pairs, by {system.name} and by rules ...") as bar:
        asked = pairs.asked(data.artefact, data.corpus.served_slots.item, seed)
        explained = explanations.measured(system, texts, relevance, asked, bar)
    with steps.step("Faithfulness: ratings without the reviews shown first ...") as bar:
        changed = {} if system.run is None else faithfulness.measured(
            system.run, explained.orders, pairs.stream(seed, "faithfulness"), bar)
        for method, values in changed.items():
            explained.measures[method].update(values)
    with steps.step("Aspects of the reviews that are shown ..."):
        missing = _add_aspects(record, explained, system, texts, truth, tables, seed)
    ours, rules = comparison.records(explained.measures, test.user, pairs.stream(seed, "intervals"))
    absent = dict(absence.reasons(ours, texts, system.run is None), **missing,
                  **absence.reasons_of_intervals(test.user))
    with steps.step(f"Rating errors of {system.name} and baselines ..."):
        baselines, predicted = _add_ratings(record, system, pairs.stream(seed, "ratings"))
        absent.update({} if predicted else {"ratings": absence.NO_RATINGS})
    with steps.step("Rankings of the whole catalogue, and their faithfulness ...") as bar:
        lists, why = ranked(system, baselines, corpus.oracle(truth, texts, TRUTH), pairs.stream(seed, "rankings"), bar)
    absent.update({"rankings": why} if why else absence.reasons_of_rankings(lists.record, system.run is None))
    if lists is not None:
        _add_overlap(lists, texts, truth, tables)
        record["rankings"] = lists.record
    record.update(explanation=ours, explanation_rules=rules, absent=absent)
    return Evaluation(record, explained.measures, predicted, explained.orders[OURS], lists)


def _of_no_pairs(record):
    """The Evaluation of a system without test pairs: every measure is absent."""
    empty = dict.fromkeys(("ratings", "rankings", *absence.MEASURES), absence.EMPTY)
    return Evaluation(dict(record, ratings={}, explanation={}, explanation_rules={}, absent=empty), {}, {}, None, None)


def _add_aspects(record, explained, system, texts, truth, tables, seed):
    """Adds the measures of aspects to the record and to the Explanations; returns {measure: why it is absent}."""
    spoken, found, missing = aspects.evaluated(tables, system, explained.orders, texts, truth,
                                               pairs.stream(seed, "aspects"))
    record.update({} if found is None else {"aspects": found})
    record.update(aspects.critical_shown(system, explained.orders[OURS], tables))
    for method, values in spoken.items():
        explained.measures.setdefault(method, {}).update(values)
    return missing


def _add_ratings(record, system, random):
    """Adds rating errors to the record; returns `ratings.baselines_of` the data and {model: [n] predicted stars}."""
    artefact, baselines = system.data.artefact, ratings.baselines_of(system.data)
    predicted = ratings.predictions(artefact.test, baselines, system.rated())
    record["ratings"], record["rating_groups"] = ratings.measured(artefact, predicted, random)
    return baselines, predicted


def _add_overlap(lists, texts, truth, tables):
    """Adds to the record how alike the lists of users of like tastes are, where tastes are known."""
    if truth is not None:
        traits, of = corpus.tastes(truth, texts, TRUTH), "planted tastes"
    elif tables is not None:
        traits, of = aspects.top_aspects(tables), "the two aspects that are most characteristic of each"
    else:
        return
    shared = rankings.by_taste(lists, traits, of)
    lists.record.update({} if shared is None else {"overlap_by_taste": shared})


def ranked(system, baselines, oracle, random, bar):
    """The rankings.Measured of a system, of baselines and of rivals, and None; or None, and why there are no rankings.

    The system is measured by its order of items and by predicted stars; one without an order, by stars alone.

    Args:
      system: `systems.system.System`.
      baselines: {model: function of pairs -> stars}, `ratings.baselines_of` the data.
      oracle: users [m] -> [m, I] scores of the planted truth, or None.
      random: RandomState.
      bar: progress.Bar.
    """
    order, predict, data = system.order(), system.stars(), system.data
    if order is None and predict is None:
        return None, absence.NO_SCORES_OF_ITEMS
    fitted = rivals.fit_all(data.tuning, data.seed, rivals.budget_of(len(data.artefact.item_reviews)))
    stars = dict({} if predict is None else {BY_STARS: predict}, **baselines)
    scorers = {name: rival.score for name, rival in fitted.items()}
    own = {OURS: order, ORACLE: oracle, WITHOUT_EVIDENCE: system.order_without_evidence()}
    memory.release()  # of the settings that were tried, before the lists of all models are made
    scorers.update({name: score for name, score in own.items() if score is not None})
    lists = rankings.measured(data.artefact, scorers, stars, OURS, random, bar)
    if lists is None:
        return None, absence.RANKINGS
    lists.record["settings"] = {name: rival.setting for name, rival in fitted.items() if rival.setting}
    if system.run is None or order is None:
        return lists, None
    values = ranking_faithfulness.measured(order, lists.held, lists.by_user["popular"][CHIEF_RANKING], random)
    lists.record["order"] = order.order.numbers()
    lists.record["faithfulness"] = ranking_faithfulness.records(values, lists.users, random)
    return lists._replace(faithful=values), None


def save(folder, test, evaluation, chosen):
    """Writes pairs.npz, report.html, then report.json, each whole or not at all; report.json says that all are there.

    Args:
      folder: of the run, or for the system.
      test: Split of the test pairs.
      evaluation: Evaluation.
      chosen: `examples.chosen`, for the page.

    Returns:
      The path of report.html.
    """
    html = page.of(evaluation.record, evaluation.measures, evaluation.predicted, test.rating, chosen)
    path = os.path.join(folder, layout.PAGE)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with files.written(os.path.join(folder, layout.PAIRS)) as out:
            np.savez_compressed(out, **arrays_of(test, evaluation))
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
