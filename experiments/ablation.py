"""The lines of the ablation: settings added one after another, then switched alone, then reviews replaced."""
import os

import numpy as np

from experiments import study, tables
from metrics import comparison, rating, significance
from models import config as configs
from preprocessing import artefact as contract
from runtime.project import module

# (what is switched, the settings that it adds to the line above, what the line teaches)
ADDED = (
    ("as drawn, noise for word vectors", {"word_start": "random"},
     "the rating error alone never trains the attention: chance"),
    ("+ own-review loss among the item's reviews, the id asks",
     {"own_review_loss": 1., "own_review_negatives": "item"},
     "a teacher without labels is what attention was missing"),
    ("+ id and text ask, cosine, the batch's texts and askers as negatives",
     {"attention_query": "id+text", "attention_score": "cosine", "temperature": 4., "query_id_keep_prob": .2,
      "own_review_negatives": "item+batch+askers"},
     "what a shopper wrote says more than an id; ratings follow later"),
    ("+ word2vec start", {"word_start": "given"}, "words that mean alike start alike"),
    ("+ dropout on what the attention reads", {"attention_keep_prob": .65}, "own reviews are not memorised"),
    ("+ offsets without the own rating, votes in stars", {"offsets": "leave_one_out", "review_votes": True},
     "weighed residual stars are what lowers the rating error"),
    ("+ bag of words: fixed LSI, lexical skip, both less what anybody writes",
     {"attention_dim": 128, "attention_bag": True, "lexical_skip": True, "centred_likeness": True,
      "unit_likeness": True},
     "nothing to gain on this corpus, and nothing lost"),
)
FLIPPED = (
    ("default: + usefulness to anybody", {}, "the page says what is worth reading to anybody, at next to no cost"),
    ("default without the own-review loss", {"own_review_loss": 0.}, "the words alone; nothing taught"),
    ("default, the id alone asks", {"attention_query": "id", "lexical_skip": False}, "no word of the shopper"),
    ("default, the id is never dropped", {"query_id_keep_prob": 1.},
     "no harm: an id starts at zero and learns slowly"),
    ("default, likeness not less what anybody writes", {"centred_likeness": False},
     "no difference here; on Musical Instruments it costs retrieval, see below"),
)
ALONE = (  # one switch of the default turned, or what hangs on it: does it matter?
    ("the pair's own review left in", {"leave_target_out": False}),
    ("padding not masked", {"mask_padding": False}),
    ("no global mean, offsets learned", {"rating_offset": "none", "offsets": "learned", "review_votes": False}),
    ("offsets learned", {"offsets": "learned", "review_votes": False}),
    ("no votes", {"review_votes": False}),
    ("no id latents", {"id_latents": False}),
    ("factorisation machine on the latents", {"interaction": "fm"}),
    ("uniform attention", {"attention_query": "none", "lexical_skip": False, "own_review_loss": 0.,
                           "usefulness": False, "usefulness_loss": 0.}),
    ("the author asks", {"attention_query": "author", "lexical_skip": False, "own_review_loss": 0.}),
    ("the text alone asks", {"attention_query": "text"}),
    ("product instead of cosine", {"attention_score": "relu_product", "temperature": 1.}),
    ("sum instead of cosine", {"attention_score": "relu_sum", "temperature": 1.}),
    ("attention's biases frozen", {"attention_bias": "frozen"}),
    ("no dropout on attention", {"attention_keep_prob": 1.}),
    ("no bag of words", {"attention_bag": False}),
    ("no lexical skip", {"lexical_skip": False}),
    ("words ask at their own length", {"unit_likeness": False, "lexical_scale": 4.}),
    ("negatives: the item's reviews alone", {"own_review_negatives": "item"}),
    ("negatives: no other askers", {"own_review_negatives": "item+batch"}),
    ("noise for word vectors", {"word_start": "random"}),
    ("one word table", {"shared_vocabulary": True}),
    ("slots by the latest reviews", {"review_selection": "latest"}),
    ("slots by the most helpful", {"review_selection": "helpful"}),
    ("slots at random", {"review_selection": "random"}),
)
DEFAULT = len(ADDED)  # number of the line that all others are held against
CONTROLS = (  # (kind of `preprocessing.derive`, what is asked)
    ("dummy", "every training review says one word: what is left needs no reviews"),
    ("shuffled", "texts of other reviews: what is left needs no right ones"),
)
COLUMNS = {"planted_auc": "planted AUC", "planted_auc_shown": "shown", "planted_auc_swapped": "swapped",
           "planted_precision_at_3": "precision@3", "retrieval_auc_centred": "retrieval, centred",
           "agreement_cosine_1": "first shown: cosine"}


def trials(seeds, epochs, data=None):
    """[(label, what it teaches, [Trial of each seed])]. `data` is the folder of the controls' data."""
    lines, settings, rest = [], {}, dict(epochs=epochs)
    for label, added, lesson in ADDED:
        settings = dict(settings, **added)
        lines.append((label, lesson, "drawing", settings, None))
    lines += [(label, lesson, configs.DEFAULT, flipped, None) for label, flipped, lesson in FLIPPED]
    lines += [(f"default, {label}", "", configs.DEFAULT, flipped, None) for label, flipped in ALONE]
    lines += [(f"default, {kind} reviews", lesson, configs.DEFAULT, {}, kind) for kind, lesson in CONTROLS]
    return [(label, lesson, [
        study.Trial(f"{number:02d}-{seed}", preset, dict(fields, seed=seed, **rest), kind and control(data, kind))
        for seed in seeds]) for number, (label, lesson, preset, fields, kind) in enumerate(lines, 1)]


def control(data, kind):
    """The folder of a control's data."""
    return os.path.join(data or "", kind)


def make_controls(children, data_folder, data):
    """Derives the controls' data where they are missing."""
    for kind, _ in CONTROLS:
        if not os.path.isfile(os.path.join(control(data, kind), contract.META)):
            children.run(kind, module("preprocessing.derive") + [
                "--data", data_folder, "--out", control(data, kind), "--texts", kind])


def gaps(lines, folder):
    """The gap of each line: the default's squared error less the line's, by the pairs of all seeds together."""
    trials = [[study.read_pairs(os.path.join(folder, trial.name)) for trial in group] for _, _, group in lines]
    errors = [np.concatenate([rating.squared_errors(pairs.predicted[comparison.OURS], pairs.rating)
                              for pairs in group]) for group in trials]
    users = np.concatenate([pairs.user for pairs in trials[DEFAULT]])
    bootstrap = significance.Bootstrap(users, np.random.RandomState(0))
    return [bootstrap.difference(errors[DEFAULT], error) for error in errors]


def table(lines, reports, gaps, lessons=True):
    """Lines of Markdown.

    Args:
      lines: of `trials`.
      reports: one for each trial, in their order; measures that none has are left out.
      gaps: one for each line.
      lessons: whether to say what each line teaches, which was seen on the sample corpus.
    """
    known = [name for name in COLUMNS if any(name in report["explanation"] for report in reports)]
    heads = [*(COLUMNS[name] for name in known), "test RMSE", "default's squared error less its"]
    heads += ["what it teaches"] * lessons
    rows = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    reports = iter(reports)
    for number, ((label, lesson, group), gap) in enumerate(zip(lines, gaps)):
        found = [next(reports) for _ in group]
        cells = [tables.spread([report["explanation"][name] for report in found], 3)
                 if all(name in report["explanation"] for report in found) else "" for name in known]
        cells.append(tables.spread([report["ratings"][comparison.OURS]["rmse"] for report in found], 3))
        cells.append("" if number == DEFAULT else tables.interval(gap))
        cells += [lesson] * lessons
        rows.append(f"| {label} | {' | '.join(cells)} |")
    return rows
