"""The training of a run: epochs of steps, validation, early stopping, checkpoints, calibration at the end."""
import time
from contextlib import ExitStack, contextmanager

import numpy as np

from models import graph
from models.inference.predictor import Predictor
from models.inputs import baselines
from models.inputs.features import Corpus
from models.network.layers import Noise
from models.run_folder import layout, progress
from models.run_folder.checkpoints import Checkpoints
from models.run_folder.selection import best_epoch, candidates, tie
from models.training import directions, final, losses, steps, summaries, validation
from models.training.optimiser import LazyAdam
from models.training.passes import Passes
from models.training.workers.team import ALONE
from runtime import cli
from runtime.cli import UserError
from runtime.files import reason
from runtime.tf1 import gpus, tf


class Diverged(UserError):
    """A loss, a gradient or a variable is not a finite number."""


class Trainer:
    """The training of one run in its own graph and session.

    Args:
      config: ModelConfig, checked.
      artefact: Artefact; its test split is never read here.
      folder: of the run.
      threads: of TensorFlow; 0: as many as there are cores.
      should_stop: function of the records of all epochs so far, one or more, that returns whether training shall end
        before `config.patience` ends it; None: never.
      team: the workers that train this run together, of which this process is one; None: this process alone.
    """

    def __init__(self, config, artefact, folder, threads=0, should_stop=None, team=None):
        self.config, self.folder, self.should_stop, self.team = config, folder, should_stop, team or ALONE
        sizes = artefact.meta["sizes"]
        offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
        self.corpus = Corpus(artefact, config, offsets)
        self.passes = Passes(len(artefact.train.user), config.epochs_per_pass, config.seed)
        with tf.Graph().as_default():
            tf.set_random_seed(config.seed)
            self._build(threads)

    @property
    def artefact(self):
        """The Artefact, without word vectors: these are variables of the network."""
        return self.corpus.artefact

    def _build(self, threads):
        if gpus():
            cli.log.info("TensorFlow uses %s: the text encoder consists of its operations, and a repetition of this "
                         "training may differ in the last digits.", ", ".join(gpus()))
        self.session = graph.session(threads)
        self.network = graph.network_of(self.config, self.artefact)
        self.team.build(self.session)
        gradients = self._build_losses()
        self.step_number = tf.train.get_or_create_global_step()
        self.norms = summaries.gradient_norms(gradients)
        self.attention = summaries.attention_parameters(self.network, gradients)
        self.attention_rate = tf.placeholder(tf.float32, [])
        self.train_op = self._updates(gradients)
        self.finite = {variable.op.name: tf.reduce_all(tf.is_finite(variable))
                       for variable in tf.global_variables() if variable.dtype.is_floating}
        self.checkpoints = Checkpoints(self.folder, tf.global_variables())
        graph.start(self.session, self.network, self.artefact)
        directions.start_keys(self.network, self.corpus, self.session)
        self.corpus.release_word_vectors()
        self.predictor = Predictor(self.network, self.corpus, self.session)

    def _build_losses(self):
        """Builds the losses; returns their gradients [(gradient, variable)]."""
        config, network, team = self.config, self.network, self.team
        self.seed = tf.placeholder(tf.int32, [2])
        self.inputs = graph.input_placeholders(graph.sizes_of(self.artefact).topics)
        self.targets = losses.Targets(
            rating=tf.placeholder(tf.float32, [None]), own=tf.placeholder(tf.int32, [None]),
            cross_likeness=tf.placeholder(tf.float32, [None, None]))
        outputs, item_reviews = network(self.inputs, Noise(self.seed, team.rows))
        error, decay = losses.rating_loss(outputs, self.targets, team), config.l2 * losses.weight_decay(network)
        share = error
        if config.own_review_loss > 0:
            share += config.own_review_loss * losses.own_review_loss(
                network, self.inputs, outputs, item_reviews.keys, self.targets, team)
        if config.ranking_loss > 0:
            share += config.ranking_loss * losses.ranking_loss(
                network, self.inputs, outputs, item_reviews.keys, team)
        gradients, (share, self.error) = team.gradients(LazyAdam(), share, decay, (share, error))
        self.loss = share + decay
        return gradients

    def _updates(self, gradients):
        """Returns the operation of one step: Adam, with a learning rate of its own for the variables of the attention.

        Args:
          gradients: [(gradient, variable)].
        """
        attention, rest = [], []
        for gradient, variable in gradients:
            if gradient is not None:
                group = summaries.group_of(variable.op.name)
                (attention if group.endswith("attention") else rest).append((gradient, variable))
        updates = [LazyAdam(self.config.learning_rate).apply_gradients(rest, self.step_number)]
        if attention:  # without, as under maximum pooling, there is nothing to update
            updates.append(LazyAdam(self.attention_rate, name="AttentionAdam").apply_gradients(attention))
        return tf.group(*updates)

    def train(self, resume=False):
        """Trains to the end of the run; with `resume`, from its last complete epoch.

        Returns the record of the best epoch, with the validation RMSE after calibration as progress.CALIBRATED_RMSE;
        None of a worker that does not lead. Raises UserError where a number is not finite, or where a file of the run
        cannot be written, and Lost where another worker cannot be reached.
        """
        history = self.team.tell(self._resume) if resume else []
        self.team.equalise()
        with ExitStack() as opened:
            writer = None
            if self.team.leads:
                with self._writing("summaries"):
                    writer = summaries.Summaries(self.folder, len(history) + 1)
                opened.enter_context(writer)
            while len(history) < self.config.epochs and not self._ends_early(history):
                self._epoch(history, writer)
        return self._finish(history) if self.team.leads else None

    def close(self):
        """Frees the variables of the network and of the optimiser. Only `corpus` may be used afterwards."""
        self.predictor.close()

    def _resume(self):
        """Restores the last complete epoch; returns the records of all epochs so far, [] before the first."""
        if not progress.read(self.folder):
            return []
        history = self.checkpoints.restore(self.session, "last")["history"]
        with self._writing(layout.METRICS):  # a killed process may not have written the last record
            progress.write_metrics(self.folder, history)
        return history

    def _ends_early(self, history):
        """Whether training ends before its last epoch, after the epochs of `history`."""
        if not history:
            return False
        if len(history) - best_epoch(history, tie(self.config)) >= self.config.patience:
            return True
        return self.should_stop is not None and bool(self.should_stop(history))

    def _epoch(self, history, writer):
        """Trains one more epoch and appends its record to `history`. It is complete once its checkpoint is saved."""
        start, epoch = time.monotonic(), len(history) + 1
        count = len(self.passes.rows(epoch))
        means = self._steps(epoch, count)
        seconds = time.monotonic() - start

        def complete():
            self.predictor.forget()  # returns the memory of the steps before all reviews are encoded
            validated = self.validate(epoch)
            self.predictor.forget()
            record = {"epoch": epoch, "loss": float(means.loss), "train_rmse": float(means.squared_error ** .5),
                      "validation_rmse": validated.rmse, "validation_own_auc": validated.own_auc,
                      "seconds": time.monotonic() - start, "samples_per_second": count / seconds,
                      "peak_memory_mib": cli.peak_memory()}
            self._save(history + [record], writer, means.gradient_norms, validated.histograms)
            return record

        history.append(self.team.tell(complete))

    def _save(self, history, writer, gradient_norms, histograms):
        """Saves what belongs to the last epoch of `history`."""
        record = history[-1]
        with self._writing(f"epoch {record['epoch']}"):
            attention = self.session.run(self.attention)
            writer.write(record["epoch"], summaries.scalars(record, gradient_norms, attention, histograms), histograms)
            near = tie(self.config)
            state = {"history": history, "best": best_epoch(history, near), "candidates": candidates(history, near)}
            self.checkpoints.save(self.session, record["epoch"], state)
            progress.write_metrics(self.folder, history)
        cli.log.info("epoch %(epoch)d: validation RMSE %(validation_rmse).4f (before calibration), own-review AUC "
                     "%(validation_own_auc).3f, %(samples_per_second).0f samples/s", record)

    def _steps(self, epoch, count):
        """Takes all steps of an epoch; returns their EpochMeans."""
        def run(fed):
            with self.team.together():
                return self.session.run((self.loss, self.error, self.norms, self.train_op), fed)[:3]

        return steps.take(self.batches(epoch), run, self._require, count, epoch, self.config.epochs)

    def _finish(self, history):
        """Calibrates the best epoch on validation data and saves it as `final`; returns its record."""
        state = final.calibrate(self.checkpoints, self.predictor, self.artefact.validation, self.config.seed)
        with self._writing("the calibrated network"):
            self.checkpoints.save_final(self.session, state)
        return dict(history[state["best"] - 1], **{progress.CALIBRATED_RMSE: state[progress.CALIBRATED_RMSE]})

    def _require(self, finite, what):
        if not finite:
            raise Diverged(
                f"{self.folder}: the {what}; {progress.last_good(self.folder)}; train again with a lower "
                "--lr, under another --name")

    @contextmanager
    def _writing(self, what):
        """Turns errors of writing into a UserError that names the last good checkpoint and how to resume."""
        try:
            yield
        except (OSError, tf.errors.OpError) as error:
            raise UserError(f"{self.folder}: {what} cannot be written ({reason(error)}); "
                            f"{progress.last_good(self.folder)}; solve this, then resume with "
                            f"{progress.resume_command(self.folder)}") from error

    def batches(self, epoch):
        """Yields (training rows, {placeholder: array}) of each step of an epoch."""
        train, size = self.artefact.train, self.config.batch_size
        rate = self.config.learning_rate * self.config.attention_rate_decay ** self.passes.of(epoch)
        order = self.passes.rows(epoch)
        for start in range(0, len(order), size):
            rows = order[start:start + size]
            mine = rows[self.team.part(len(rows))]
            pairs = self.corpus.pairs(train.user[mine], train.item[mine], train.review[mine], train.rating[mine],
                                      with_usefulness=False)
            inputs, own = self.corpus.inputs(pairs)
            likeness = self.corpus.cross_likeness(pairs, self.corpus.own_texts(train.review[rows]))
            targets = losses.Targets(train.rating[mine], own, likeness)
            yield rows, {**graph.feed(self.inputs, inputs), **graph.feed(self.targets, targets),
                         **self.team.feed(self.corpus, train, rows),
                         self.seed: [self.config.seed, epoch * 1000003 + start], self.attention_rate: rate}

    def validate(self, epoch):
        """Returns the validation.Validation of the network as it is after an epoch."""
        for name, finite in self.session.run(self.finite).items():  # validation does not read all words
            self._require(finite, f"variable {name} is not finite after epoch {epoch}")
        split = validation.sample(self.artefact.validation, self.config.seed)
        measured = validation.measure(self.predictor, split, f"validation after epoch {epoch}")
        self._require(np.isfinite(measured.rmse), f"validation RMSE is {measured.rmse} after epoch {epoch}")
        return measured
