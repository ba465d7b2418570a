"""What words add to the personal score, as tables of a run for those without TensorFlow: `runs/<name>/words/`.

The score of a review is (see `deeprecsys.py`)

    s = e^t cos(W_O o + b_s, q) + kappa t_l . unit(mean_u t - t_any) / 0.05,   o = [O ; H^T (t_l - t_any)].

Before the cosine's length is divided by, the bag part is linear in the review's words, and each filter of O is
the sum of the W words of its winning window. Who holds q, the tables below and a review's words can say exactly
which word added what.

- `words.json`: `temperature` e^t, `lexical` kappa / 0.05, `centred`, `unit`, `checkpoint`, the sha256 of the run's
  checkpoint.json: tables of other weights are not to be used;
- `projection [V, W, F]` V C, `conv_bias [F]`, `key_text [F, A]`, `key_bag [D, A]`, `key_bias [A]`,
  `query_bias [A]`, `queries [U, A]`, float32, a `.npy` each.
"""
import hashlib
import os
import shutil
import tempfile

import numpy as np

from models.inference import latents, trained
from models.network.tower import LIKENESS
from models.run_folder import runs
from runtime.cli import UserError
from runtime.files import reason, write_json


def write(run_folder):
    """Writes the tables of a run, whole or not at all. Returns their folder; None where the form of its
    attention has no such sum (a product instead of a cosine, the reshaped convolution).

    Raises UserError where they cannot be written; those that stood there stand."""
    run = trained.load(run_folder)
    config, folder = run.config, os.path.join(run_folder, runs.WORDS)
    if (config.attention_score != "cosine" or config.conv_layout != "words" or not config.mask_padding
            or config.attention_query == "author"):
        return None
    facts, tables = _tables(run)
    draft = None
    try:
        draft = tempfile.mkdtemp(prefix=".words-", dir=run_folder)
        for name, table in tables.items():
            np.save(os.path.join(draft, name + ".npy"), table.astype(np.float32), allow_pickle=False)
        facts["checkpoint"] = checkpoint_of(run_folder)
        write_json(os.path.join(draft, os.path.basename(runs.WORD_FACTS)), facts)
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(draft, folder)
    except OSError as error:
        raise UserError(f"{folder}: the shop's tables of words cannot be written ({reason(error)}); make room, then "
                        "export again") from error
    finally:
        if draft:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def checkpoint_of(run_folder):
    """What the weights of a run are known by."""
    with open(os.path.join(run_folder, runs.POINTER), "rb") as pointer:
        return hashlib.sha256(pointer.read()).hexdigest()


def _tables(run):
    """({name: number}, {name: array}); see the module's docstring."""
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
    return facts, found
