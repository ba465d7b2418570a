"""The ablation: settings added one after another, then switched one at a time, then reviews replaced.

Every line of its table is a variant of the network, trained with each seed and compared with the preset `default`.
"""
import os
import shutil
from typing import NamedTuple

import numpy as np

from experiments import pairs, study, tables
from metrics import comparison, rating, significance
from models import config as configs
from preprocessing import artefact as contract
from runtime import jobs
from runtime.cli import UserError
from runtime.project import module

# (label, the settings that it adds to the line above, what the line shows)
ADDED = (
    ("drawing, random word vectors", {"word_start": "random"},
     "the rating error alone does not train the attention: it stays at chance"),
    ("+ own-review loss among the item's reviews, query = user id",
     {"own_review_loss": 1., "own_review_negatives": "item"},
     "a training signal without labels is what the attention lacked"),
    ("+ query = id and text, cosine scores, the batch's texts and users as negatives",
     {"attention_query": "id+text", "attention_score": "cosine", "temperature": 4., "query_id_keep_prob": .2,
      "own_review_negatives": "item+batch+askers"},
     "what a user wrote says more than the id; the rating error falls later"),
    ("+ word vectors from word2vec", {"word_start": "given"}, "words of similar meaning start with similar vectors"),
    ("+ dropout on the input of the attention", {"attention_keep_prob": .65, "attention_rate_decay": .7},
     "own reviews are not memorised"),
    ("+ offsets that leave out the own rating, review votes in stars",
     {"offsets": "leave_one_out", "review_votes": True},
     "the weighted residual stars are what lowers the rating error"),
    ("+ bag of words: fixed LSI, lexical skip, both centred",
     {"attention_dim": 128, "attention_bag": True, "lexical_skip": True, "centred_likeness": True,
      "unit_likeness": True, "bag_start": "owners"},
     "no gain on this corpus, and no loss"),
)
FLIPPED = (
    ("deeprecsys: + usefulness for all users", {},
     "the order shown also prefers reviews that are useful for all users, at almost no cost"),
    ("deeprecsys without the own-review loss", {"own_review_loss": 0.}, "the words alone, without a training signal"),
    ("deeprecsys, query = user id alone", {"attention_query": "id", "lexical_skip": False},
     "no text of the user is read"),
    ("deeprecsys, the id is never dropped", {"query_id_keep_prob": 1.},
     "no harm: the id's part of the query starts at zero and is learned slowly"),
    ("deeprecsys, likeness not centred", {"centred_likeness": False},
     "no difference here; on Musical Instruments it costs retrieval"),
)
ALONE = (  # one switch of deeprecsys changed, with the switches that depend on it
    ("the pair's own review left in", {"leave_target_out": False}),
    ("padding not masked", {"mask_padding": False}),
    ("no global mean, offsets learned", {"rating_offset": "none", "offsets": "learned", "review_votes": False}),
    ("offsets learned", {"offsets": "learned", "review_votes": False}),
    ("no review votes", {"review_votes": False}),
    ("no id latents", {"id_latents": False}),
    ("factorisation machine on the latents", {"interaction": "fm"}),
    ("uniform attention", {"attention_query": "none", "lexical_skip": False, "own_review_loss": 0.,
                           "usefulness": False}),
    ("query = review author", {"attention_query": "author", "lexical_skip": False, "own_review_loss": 0.}),
    ("query = text alone", {"attention_query": "text"}),
    ("product instead of cosine", {"attention_score": "relu_product", "temperature": 1.}),
    ("sum instead of cosine", {"attention_score": "relu_sum", "temperature": 1.}),
    ("attention biases frozen", {"attention_bias": "frozen"}),
    ("no dropout on attention", {"attention_keep_prob": 1.}),
    ("no bag of words", {"attention_bag": False}),
    ("no lexical skip", {"lexical_skip": False}),
    ("text queries of their own length", {"unit_likeness": False, "lexical_scale": .5}),
    ("negatives: the item's reviews alone", {"own_review_negatives": "item"}),
    ("negatives: no other users", {"own_review_negatives": "item+batch"}),
    ("random word vectors", {"word_start": "random"}),
    ("one word table for both towers", {"shared_vocabulary": True}),
    ("slots hold the latest reviews", {"review_selection": "latest"}),
    ("slots hold the most helpful reviews", {"review_selection": "helpful"}),
    ("slots hold random reviews", {"review_selection": "random"}),
)
LATER = (  # as in ALONE. New lines are added here, so that a record of an earlier version holds the first lines
    ("ranking loss", {"ranking_loss": 1.}),
)
DEFAULT = len(ADDED)  # number of the line that all others are compared with
CONTROLS = (  # (kind of `preprocessing.derive`, label, what the line shows)
    ("dummy", "all reviews the same word", "what remains does not need reviews"),
    ("shuffled", "texts of other reviews", "what remains does not need the right reviews"),
)
COLUMNS = {"planted_auc": "planted AUC", "planted_auc_shown": "planted AUC, shown",
           "planted_auc_swapped": "planted AUC, swapped", "planted_precision_at_3": "planted precision@3",
           "retrieval_auc_centred": "retrieval AUC, centred", "agreement_cosine_1": "first shown: cosine"}
LESSONS_OF = "sample"  # the corpus on which the lessons were seen


class Line(NamedTuple):
    """A line of the table: a variant and its trials."""
    label: str
    lesson: str  # what the line shows on the sample corpus; "" where it is one switch among many
    trials: list  # a study.Trial for each seed


def lines(seeds, epochs, data=None):
    """The Lines in their order. `data` is the folder that holds the data of the controls."""
    variants, settings, rest = [], {}, dict(epochs=epochs)
    for label, added, lesson in ADDED:
        settings = dict(settings, **added)
        variants.append((label, lesson, "drawing", settings, None))
    variants += [(label, lesson, configs.DEFAULT, flipped, None) for label, flipped, lesson in FLIPPED]
    variants += [(f"deeprecsys, {label}", "", configs.DEFAULT, flipped, None) for label, flipped in ALONE]
    variants += [(f"deeprecsys, {label}", lesson, configs.DEFAULT, {}, kind) for kind, label, lesson in CONTROLS]
    variants += [(f"deeprecsys, {label}", "", configs.DEFAULT, flipped, None) for label, flipped in LATER]
    return [Line(label, lesson, [
        study.Trial(f"{number:02d}-{seed}", preset, dict(fields, seed=seed, **rest), kind and control(data, kind))
        for seed in seeds]) for number, (label, lesson, preset, fields, kind) in enumerate(variants, 1)]


def control(data, kind):
    """The folder of a control's data."""
    return os.path.join(data or "", kind)


def make_controls(children, data_folder, data):
    """Derives the data of the controls where they are missing, or were derived by a version that did not name them."""
    for kind, _, _ in CONTROLS:
        folder = control(data, kind)
        if os.path.isdir(folder) and contract.load_meta(folder).get("texts") != kind:
            shutil.rmtree(folder)
    jobs.run([study.data_job(children, control(data, kind), module("preprocessing.derive") + [
        "--data", data_folder, "--out", control(data, kind), "--texts", kind]) for kind, _, _ in CONTROLS])


def gaps(lines, folder):
    """A difference for each line: squared error of deeprecsys less that of the line, over the pairs of all seeds.

    Its "p_holm" is corrected for all lines but that of deeprecsys itself, which has none.
    """
    measured = [[pairs.read(os.path.join(folder, trial.name)) for trial in line.trials] for line in lines]
    errors = [np.concatenate([rating.squared_errors(of_seed.predicted[comparison.OURS], of_seed.rating)
                              for of_seed in of_line]) for of_line in measured]
    users = np.concatenate([of_seed.user for of_seed in measured[DEFAULT]])
    bootstrap = significance.Bootstrap(users, np.random.RandomState(0))
    found = [bootstrap.difference(errors[DEFAULT], error) for error in errors]
    significance.correct(found[:DEFAULT] + found[DEFAULT + 1:])
    return found


def record(data, seeds, epochs, reports, gaps):
    """What the JSON file of an ablation holds: of each report the errors, and the measures that its table shows."""
    return {"ablation": data, "seeds": list(seeds), "epochs": epochs, "gaps": gaps, "reports": [{
        "run": report["run"], "ratings": {name: {"rmse": errors["rmse"]} for name, errors in report["ratings"].items()},
        "explanation": {name: report["explanation"][name] for name in COLUMNS if name in report["explanation"]},
    } for report in reports]}


def name_of(record):
    """The name of the files that hold an ablation's record and table."""
    return "ablation" if record["ablation"] == LESSONS_OF else f"ablation_{record['ablation']}"


def lines_of(record):
    """The Lines of a record. Raises UserError where they are not the first ones of this version."""
    variants = lines(record["seeds"], record["epochs"])[:len(record["gaps"])]
    names = [trial.name for line in variants for trial in line.trials]
    if names != [report["run"] for report in record["reports"]]:
        raise UserError("an ablation with other lines than those of this version; run ./run ablation again")
    return variants


def of_lines(lines, reports):
    """The reports of each line: as many as it has seeds."""
    remaining = iter(reports)
    return [[next(remaining) for _ in line.trials] for line in lines]


def table(record, lines=None):
    """The rows of an ablation's table in Markdown; a measure that no report has is left out.

    Args:
      record: see `record`.
      lines: list of Line; None: all.
    """
    lines, lessons = lines or lines_of(record), record["ablation"] == LESSONS_OF
    measures = [name for name in COLUMNS if any(name in report["explanation"] for report in record["reports"])]
    heads = [*(COLUMNS[name] for name in measures), "test RMSE", "squared-error difference (deeprecsys - variant)"]
    heads += ["what it shows"] * lessons
    rows = [f"| variant | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    each = zip(lines, of_lines(lines, record["reports"]), record["gaps"])
    for number, (line, reports, gap) in enumerate(each):
        cells = [tables.spread([report["explanation"][name] for report in reports], 3)
                 if all(name in report["explanation"] for report in reports) else "" for name in measures]
        cells.append(tables.spread([report["ratings"][comparison.OURS]["rmse"] for report in reports], 3))
        cells.append("" if number == DEFAULT else tables.interval(gap))
        cells += [line.lesson] * lessons
        rows.append(f"| {line.label} | {' | '.join(cells)} |")
    return rows
