"""Tables of what each word adds to the personal score, `runs/<name>/words/`, for readers without TensorFlow.

The score of a review is (see `deeprecsys.py`)

    s = e^theta cos(W_O o + b, q) + kappa t_l . unit(mean_u t - t_any) / 0.05,   o = [O ; H^T (t_l - t_any)].

Without the division by the length of the key, the bag part is linear in the words of the review, and each filter of O
is a sum over the W words of its largest window. With q, the tables below and the words of a review, the contribution
of each word can be computed exactly.

The names of the tables and the format of their files are in `models/run_folder/word_score_tables.py`.
"""
import os

import numpy as np

from models.inference import latents, trained
from models.network.tower import LIKENESS
from models.run_folder import layout, word_score_tables
from runtime.cli import UserError
from runtime.files import reason, written_folder


def write(run_folder):
    """Writes the tables of a run, whole or not at all.

    Returns their folder, or None where the personal score is no such sum (a ReLU layer instead of a cosine, the
    reshaped convolution, the author as query). Raises UserError where they cannot be written; older tables are then
    unchanged.
    """
    run = trained.load(run_folder, with_order=False)
    config, folder = run.config, os.path.join(run_folder, layout.WORDS)
    if (not config.cosine_score or not config.word_convolution or not config.mask_padding
            or config.author_query):
        return None
    tables = _tables(run)
    try:
        with written_folder(folder) as draft:
            word_score_tables.save(draft, run_folder, tables)
    except OSError as error:
        raise UserError(f"{folder}: the tables of words for the shop cannot be written ({reason(error)}); free some "
                        "disk space, then export again") from error
    return folder


def _tables(run):
    """Returns the `word_score_tables.Tables` of a run."""
    tower, config = run.predictor.network.item, run.config
    variables = {"table": tower.table, "kernel": tower.kernel, "conv_bias": tower.conv_bias,
                 "key_text": tower.key_text, "key_bias": tower.key_bias, "query_bias": tower.query_bias,
                 "temperature": tower.temperature, "lexical": tower.lexical_scale}
    if tower.key_bag is not None:
        variables["key_bag"] = tower.key_bag
    tables = run.predictor.session.run(variables)
    table, kernel = tables.pop("table"), tables.pop("kernel")  # [V, E], [W, E, F]
    table[0] = 0  # padding adds nothing
    tables["projection"] = np.stack([table @ step for step in kernel], 1)  # [V, W, F]
    tables["queries"] = latents.of_users(run).attention
    facts = {"temperature": float(np.exp(tables.pop("temperature"))), "centred": bool(config.centred_likeness),
             "unit": bool(config.unit_likeness),
             "lexical": float(tables.pop("lexical")) / LIKENESS if config.lexical_skip else 0.}
    return word_score_tables.Tables(**facts, **tables)
