"""What words add to the personal score, as tables of a run for those without TensorFlow: `runs/<name>/words/`.

The score of a review is (see `deeprecsys.py`)

    s = e^t cos(W_O o + b_s, q) + kappa t_l . unit(mean_u t - t_any) / 0.05,   o = [O ; H^T (t_l - t_any)].

Before the cosine's length is divided by, the bag part is linear in the review's words, and each filter of O is
the sum of the W words of its winning window. Who holds q, the tables below and a review's words can say exactly
which word added what.

The names of the tables and the format of their files are in `models/run_folder/word_score_tables.py`.
"""
import os
import shutil
import tempfile

import numpy as np

from models.inference import latents, trained
from models.network.tower import LIKENESS
from models.run_folder import runs, word_score_tables
from runtime.cli import UserError
from runtime.files import reason


def write(run_folder):
    """Writes the tables of a run, whole or not at all. Returns their folder; None where the form of its
    attention has no such sum (a product instead of a cosine, the reshaped convolution).

    Raises UserError where they cannot be written; those that stood there stand."""
    run = trained.load(run_folder)
    config, folder = run.config, os.path.join(run_folder, runs.WORDS)
    if (config.attention_score != "cosine" or config.conv_layout != "words" or not config.mask_padding
            or config.attention_query == "author"):
        return None
    tables = _tables(run)
    draft = None
    try:
        draft = tempfile.mkdtemp(prefix=".words-", dir=run_folder)
        word_score_tables.save(draft, run_folder, tables)
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(draft, folder)
    except OSError as error:
        raise UserError(f"{folder}: the shop's tables of words cannot be written ({reason(error)}); make room, then "
                        "export again") from error
    finally:
        if draft:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def _tables(run):
    """The `word_score_tables.Tables` of a run; see the module's docstring."""
    tower, config = run.predictor.network.item, run.config
    held = {"table": tower.table, "kernel": tower.kernel, "conv_bias": tower.conv_bias,
            "key_text": tower.key_text, "key_bias": tower.key_bias, "query_bias": tower.query_bias,
            "temperature": tower.temperature, "lexical": tower.lexical_scale}
    if tower.key_bag is not None:
        held["key_bag"] = tower.key_bag
    found = run.predictor.session.run(held)
    table, kernel = found.pop("table"), found.pop("kernel")  # [V, E], [W, E, F]
    table[0] = 0  # padding says nothing
    found["projection"] = np.stack([table @ step for step in kernel], 1)  # [V, W, F]
    found["queries"] = latents.of_users(run).attention
    facts = {"temperature": float(np.exp(found.pop("temperature"))), "centred": bool(config.centred_likeness),
             "unit": bool(config.unit_likeness),
             "lexical": float(found.pop("lexical")) / LIKENESS if config.lexical_skip else 0.}
    return word_score_tables.Tables(**facts, **found)
