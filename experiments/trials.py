"""A trial of a search: a run whose configuration Optuna draws, and which is stopped early by Optuna's median rule.

The first trial is the base configuration; each further one draws every field of SPACE (Bergstra & Bengio, "Random
search for hyper-parameter optimization", 2012). The training of a trial stops where it no longer improves, or where
it is worse than the median of the trials before it after the same number of epochs (Golovin et al., "Google Vizier",
2017, section 3.2.2). The results of a trial are kept in its folder only: for every trial, Optuna's own record of the
search is made anew from the folders.
"""
import os
from contextlib import closing
from functools import partial

import numpy as np

from models import config as configs
from models.run_folder import progress, runs
from runtime import files

LOG, UNIFORM, ONE_OF = "log-uniform", "uniform", "one of"
SPACE = {
    "learning_rate": (LOG, 3e-4, 5e-3),
    "l2": (LOG, 1e-5, 1e-2),
    "dropout_keep_prob": (UNIFORM, .3, 1.),
    "attention_keep_prob": (UNIFORM, .4, 1.),
    "latent_dim": (ONE_OF, 16, 32, 64),
    "filters": (ONE_OF, 50, 100, 150),
    "own_review_loss": (LOG, .1, 3.),
}
ENOUGH, WARM_UP = 3, 2  # trials before a median is used; epochs of a trial before it is compared with the median
FAILED = "failed.json"


def ask(histories, seed):
    """Optuna's next trial, whose draws depend on the seed and its number only.

    Args:
      histories: of each trial before it, as `history` returns them.
      seed: of the search.
    """
    import optuna  # slow to import

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    own_seed = np.random.SeedSequence([seed, len(histories)]).generate_state(1)[0]
    optuna_study = optuna.create_study(sampler=optuna.samplers.RandomSampler(int(own_seed)),
                                       pruner=optuna.pruners.MedianPruner(ENOUGH, WARM_UP, n_min_trials=ENOUGH))
    for history in histories:
        least = np.minimum.accumulate([record["validation_rmse"] for record in history]).tolist()
        optuna_study.add_trial(
            optuna.create_trial(value=least[-1], intermediate_values=dict(enumerate(least, 1)))
            if least else optuna.create_trial(state=optuna.trial.TrialState.FAIL))
    return optuna_study.ask()


def draw(trial, base, fixed):
    """The checked ModelConfig of one of Optuna's trials; that of the first is the base.

    Fields of `fixed` and losses that are 0 in the base keep the value of the base.
    """
    drawn = {}
    for field, (kind, *values) in SPACE.items():  # each field always draws: none shifts another
        if kind == ONE_OF:
            value = trial.suggest_categorical(field, values)
        else:
            value = float(f"{trial.suggest_float(field, *values, log=kind == LOG):.3g}")
        if field not in fixed and getattr(base, field):
            drawn[field] = value
    return configs.override(base, drawn) if trial.number else base


def hopeless(trial, history):
    """Whether a trial is so far worse than the median of the earlier ones after the same number of epochs."""
    trial.report(min(record["validation_rmse"] for record in history), len(history))
    return trial.should_prune()


def train(trial, folder, artefact):
    """Trains the run of one of Optuna's trials, or resumes its training."""
    from models.training.trainer import Diverged, Trainer  # slow to import: only once all arguments are checked

    with progress.hold(folder):
        trainer = Trainer(runs.read(folder).config, artefact, folder, should_stop=partial(hopeless, trial))
        with closing(trainer.session):
            try:
                trainer.train(resume=True)
            except Diverged as error:
                files.write_json(os.path.join(folder, FAILED), {"error": str(error)})


def history(folder):
    """Records of the epochs of a finished trial; [] of a trial that failed, None of one that is not finished."""
    if os.path.isfile(os.path.join(folder, FAILED)):
        return []
    state = progress.read(folder) or {}
    return state["history"] if state.get("finished") else None


def described(folder):
    """The values of the fields of SPACE in a trial's configuration, as text."""
    config = runs.read(folder).config
    return " ".join(f"{field}={getattr(config, field):g}" for field in SPACE)
