"""Training: epochs of steps, validation, early stopping, checkpoints."""
import time
from contextlib import closing, contextmanager

import numpy as np
from tqdm import tqdm

from metrics import explanation, rating
from models import graph
from models.inference.predictor import Predictor
from models.inputs import baselines
from models.inputs.features import Corpus
from models.network.layers import Noise
from models.run_folder import progress, runs
from models.run_folder.checkpoints import Checkpoints
from models.run_folder.selection import best_epoch, candidates
from models.training import calibration, losses, summaries
from models.training.optimiser import LazyAdam
from models.training.prefetch import prefetch
from preprocessing import artefact as contract
from runtime import cli
from runtime.cli import UserError
from runtime.files import reason
from runtime.tf1 import tf

NAMED = 5  # training rows of a batch that an error names


class Diverged(UserError):
    """Training came to a number that is none."""


class Trainer:
    """One run in a graph and session of its own.

    Args:
      config: ModelConfig, checked.
      artefact: Artefact; its test split is never read here.
      folder: of the run.
      threads: of TensorFlow; 0: as many as there are cores.
    """

    def __init__(self, config, artefact, folder, threads=0):
        self.config, self.artefact, self.folder = config, artefact, folder
        sizes = artefact.meta["sizes"]
        self.offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
        self.corpus = Corpus(artefact, config, self.offsets)
        with tf.Graph().as_default():
            tf.set_random_seed(config.seed)
            self._build(threads)

    def _build(self, threads):
        self.session = graph.session(threads)
        self.network = graph.network_of(self.config, self.artefact)
        self._build_losses()
        self.step_number = tf.train.get_or_create_global_step()
        optimiser = LazyAdam(self.config.learning_rate)
        gradients = optimiser.compute_gradients(self.loss)
        self.norms = summaries.gradient_norms(gradients)
        self.attention = summaries.attention_parameters(self.network, gradients)
        self.train_op = optimiser.apply_gradients(gradients, self.step_number)
        self.finite = {variable.op.name: tf.reduce_all(tf.is_finite(variable))
                       for variable in tf.global_variables() if variable.dtype.is_floating}
        self.checkpoints = Checkpoints(self.folder, tf.global_variables())
        graph.start(self.session, self.network, self.artefact)
        # From here on word vectors are the network's; ids take the least room.
        tokens = self.artefact.review_tokens.astype(contract.word_type(self.network.user.table.shape[0].value))
        self.artefact = self.corpus.artefact = self.artefact._replace(
            word_vectors=None, review_tokens=tokens)
        self.predictor = Predictor(self.network, self.corpus, self.session)

    def _build_losses(self):
        config, network = self.config, self.network
        self.seed = tf.placeholder(tf.int32, [2])
        self.inputs = graph.input_placeholders(graph.sizes_of(self.artefact).topics)
        self.lessons = losses.Lessons(
            rating=tf.placeholder(tf.float32, [None]), own=tf.placeholder(tf.int32, [None]),
            cross_likeness=tf.placeholder(tf.float32, [None, None]),
            own_likeness=tf.placeholder(tf.float32, [None, None]))
        outputs, item_read = network(self.inputs, Noise(self.seed))
        self.error = losses.rating_loss(outputs, self.lessons)
        self.loss = self.error + config.l2 * losses.weight_decay(network)
        if config.own_review_loss > 0:
            self.loss += config.own_review_loss * losses.own_review_loss(
                network, self.inputs, outputs, item_reviews.keys, self.lessons)
        if config.usefulness and config.usefulness_loss > 0:
            self.loss += config.usefulness_loss * losses.usefulness_loss(self.inputs, outputs, self.lessons)

    def train(self, resume=False):
        """Trains to the end of the run, or from its last complete epoch on.

        Returns the record of the best epoch. Raises UserError where a number is not finite, or where
        what an epoch left cannot be written.
        """
        history = self._resume() if resume else []
        with self._writing("summaries"):
            shown = summaries.Summaries(self.folder, len(history) + 1)
        with shown:
            while len(history) < self.config.epochs and not self._stalled(history):
                self._epoch(history, shown)
        return self._finish(history)

    def _resume(self):
        """Restores the last complete epoch; returns the records so far, none before the first."""
        if not progress.read(self.folder):
            return []
        history = self.checkpoints.restore(self.session, "last")["history"]
        with self._writing(runs.METRICS):  # a killed process may owe it the last record
            progress.write_metrics(self.folder, history)
        return history

    def _stalled(self, history):
        return bool(history) and len(history) - best_epoch(history) >= self.config.patience

    def _epoch(self, history, shown):
        """Trains one more epoch; it counts once its checkpoint stands."""
        start, epoch, count = time.time(), len(history) + 1, len(self.artefact.train.user)
        loss, error, norms = self._steps(epoch, count)
        seconds = time.time() - start
        self.predictor.forget()  # hands back what the steps took, before all reviews are read
        validation_rmse, own_auc, histograms = self._validate(epoch)
        self.predictor.forget()
        record = {"epoch": epoch, "loss": float(loss), "train_rmse": float(error ** .5),
                  "validation_rmse": validation_rmse, "validation_own_auc": own_auc,
                  "seconds": time.time() - start, "samples_per_second": count / seconds,
                  "peak_memory_mib": cli.peak_memory()}
        history.append(record)
        with self._writing(f"epoch {epoch}"):
            shown.write(epoch, self._scalars(record, norms, histograms), histograms)
            state = {"history": history, "best": best_epoch(history), "candidates": candidates(history)}
            self.checkpoints.save(self.session, epoch, state)
            progress.write_metrics(self.folder, history)
        cli.log.info("epoch %(epoch)d: validation RMSE %(validation_rmse).4f, own-review AUC "
                     "%(validation_own_auc).3f, %(samples_per_second).0f samples/s", record)

    def _steps(self, epoch, count):
        """All steps of an epoch; returns the means of (loss, squared error, {group: gradient norm})."""
        seen, norms_seen = [], []
        title = f"epoch {epoch}/{self.config.epochs}"
        with tqdm(total=count, desc=title, unit="sample", leave=False) as bar, closing(
                prefetch(self._batches(epoch))) as batches:
            for step, (rows, fed) in enumerate(batches, 1):
                loss, error, norms, _ = self.session.run(
                    (self.loss, self.error, self.norms, self.train_op), fed)
                where = f"epoch {epoch}, step {step}, {_named(rows)}"
                self._require(np.isfinite(loss), f"loss is {loss} at {where}")
                for group, norm in norms.items():
                    self._require(np.isfinite(norm),
                                  f"gradient norm of {group} is {norm} at {where}")
                seen.append((loss, error))
                norms_seen.append(norms)
                bar.set_postfix(loss=f"{np.mean(seen, 0)[0]:.3f}", refresh=False)
                bar.update(len(rows))
        loss, error = np.mean(seen, 0)
        means = {group: np.mean([norms[group] for norms in norms_seen]) for group in self.norms}
        return loss, error, means

    def _finish(self, history):
        """Calibrates the best epoch on validation and saves it as `final`; returns its record."""
        state = self.checkpoints.restore(self.session, "best")
        calibrated = calibration.calibrate(self.predictor, self.artefact.validation)
        cli.log.info("best epoch %d; calibrated on validation: %s", state["best"], ", ".join(
            f"{name} {value:.3g}" for name, value in sorted(calibrated.items())))
        with self._writing("the calibrated network"):
            self.checkpoints.save_final(self.session, dict(state, calibrated=calibrated))
        return history[state["best"] - 1]

    def _require(self, finite, what):
        if not finite:
            raise Diverged(
                f"{self.folder}: the {what}; {progress.last_good(self.folder)}; train anew with a lower "
                "--lr, under another --name")

    @contextmanager
    def _writing(self, what):
        """Tells in one line that something cannot be written, and where the run stands."""
        try:
            yield
        except (OSError, tf.errors.OpError) as error:
            raise UserError(f"{self.folder}: {what} cannot be written ({reason(error)}); "
                            f"{progress.last_good(self.folder)}; mend that, then go on with "
                            f"{progress.resume_command(self.folder)}") from error

    def _batches(self, epoch):
        train, size = self.artefact.train, self.config.batch_size
        order = np.random.RandomState((self.config.seed + epoch) % 2 ** 32).permutation(len(train.user))
        for start in range(0, len(order), size):
            rows = order[start:start + size]
            pairs = self.corpus.pairs(train.user[rows], train.item[rows], train.review[rows], train.rating[rows])
            inputs, own = self.corpus.inputs(pairs)
            lessons = losses.Lessons(train.rating[rows], own, self.corpus.cross_likeness(pairs),
                                     self.corpus.own_likeness(pairs))
            yield rows, {**graph.feed(self.inputs, inputs), **graph.feed(self.lessons, lessons),
                         self.seed: [self.config.seed, epoch * 1000003 + start]}

    def _validate(self, epoch):
        """(RMSE, own-review AUC, {tag: array} of histograms) of the validation pairs."""
        split, predictor = self.artefact.validation, self.predictor
        for name, finite in self.session.run(self.finite).items():  # validation holds not all words
            self._require(finite, f"variable {name} is not finite after epoch {epoch}")
        rated, found = np.full(len(split.user), np.nan, np.float32), np.full(len(split.user), np.nan)
        spread = []
        with closing(prefetch(predictor.batches(split.user, split.item, split.review))) as batches:
            for rows, outputs, own_score, item_slots, _ in predictor.answers(batches):
                rated[rows] = outputs.rating
                if not np.isfinite(outputs.rating).all():
                    break  # nothing is made of what is no number: it is told below
                has_text = self.artefact.review_length[split.review[rows]] > 0
                own, real = np.where(has_text, own_score, np.nan), item_slots > 0
                found[rows] = explanation.retrieval_auc(own, outputs.personal, real)
                spread.append(summaries.entropy(outputs.item_weights, real))
        error = rating.rmse(rated, split.rating)
        self._require(np.isfinite(error), f"validation RMSE is {error} after epoch {epoch}")
        own_auc = explanation.mean(found)
        return error, .5 if own_auc is None else own_auc, {
            "attention/entropy_of_pairs": np.concatenate(spread), "validation/error": rated - split.rating}

    def _scalars(self, record, norms, histograms):
        """{tag: number} of an epoch for its summaries."""
        scalars = {tag: value for tag, value in record.items() if tag != "epoch"}
        scalars.update({f"gradient_norm/{group}": norm for group, norm in norms.items()})
        attention = self.session.run(self.attention)
        scalars.update({f"attention/{name}": value for name, value in attention.items()})
        spread = histograms["attention/entropy_of_pairs"]
        if len(spread):
            scalars["attention/entropy"] = spread.mean()
        return scalars


def _named(rows):
    """The first of the training rows of a batch, for messages."""
    first = ", ".join(str(row) for row in rows[:NAMED])
    return f"training rows {first}{', ...' if len(rows) > NAMED else ''} ({len(rows)} in all)"
