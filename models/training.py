"""Training: epochs of steps, validation, early stopping, checkpoints."""
import os
import queue
import threading
import time

import numpy as np
import tensorflow.compat.v1 as tf
from tqdm import tqdm

import command
from command import UserError
from evaluation import explanation, rating
from models import baselines, calibration, graph, losses, runs
from models.batches import Corpus
from models.layers import Noise
from models.optimiser import LazyAdam
from models.predictor import Predictor

RMSE_TIE = .003  # epochs within so many stars of the best are told apart by own-review retrieval
AHEAD = 3  # batches prepared ahead


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
        self.summaries = tf.summary.FileWriter(os.path.join(folder, "summaries"))

    def _build(self, threads):
        self.session = graph.session(threads)
        self.network = graph.network_of(self.config, self.artefact)
        self._build_losses()
        self.step_number = tf.train.get_or_create_global_step()
        self.train_op = LazyAdam(self.config.learning_rate).minimize(self.loss, self.step_number)
        self.checkpoints = runs.Checkpoints(self.folder, tf.global_variables())
        graph.start(self.session, self.network, self.artefact)
        self.predictor = Predictor(self.network, self.corpus, self.session)

    def _build_losses(self):
        config, network = self.config, self.network
        self.seed = tf.placeholder(tf.int32, [2])
        self.inputs = graph.input_placeholders(self.corpus.topics.shape[1])
        self.lessons = losses.Lessons(
            rating=tf.placeholder(tf.float32, [None]), own=tf.placeholder(tf.int32, [None]),
            cross_likeness=tf.placeholder(tf.float32, [None, None]),
            own_likeness=tf.placeholder(tf.float32, [None, None]))
        outputs, item_read = network(self.inputs, Noise(self.seed))
        self.error = losses.rating_loss(outputs, self.lessons)
        self.loss = self.error + config.l2 * losses.weight_decay(network)
        if config.own_review_loss > 0:
            self.loss += config.own_review_loss * losses.own_review_loss(
                network, self.inputs, outputs, item_read.answers, self.lessons)
        if config.usefulness and config.usefulness_loss > 0:
            self.loss += config.usefulness_loss * losses.usefulness_loss(self.inputs, outputs, self.lessons)

    def train(self, resume=False):
        """Trains to the end of the run, or from its last complete epoch on; returns the best epoch's record."""
        state = {"history": [], "best": None}
        if resume and self.checkpoints.state():  # stopped within its first epoch, a run starts anew
            state = self.checkpoints.restore(self.session, "last")
        if state.get("finished"):
            raise UserError(f"{self.folder}: this run is finished; give another --name to train again")
        history = state["history"]
        while len(history) < self.config.epochs and not self._stalled(history):
            epoch = len(history) + 1
            record = self._epoch(epoch)
            history.append(record)
            best = best_epoch(history)
            state = {"history": history, "best": best, "last": epoch}
            self.checkpoints.save(self.session, epoch, state)
            runs.append_metrics(self.folder, record)
            self._summarise(record)
            command.log.info("epoch %(epoch)d: validation RMSE %(validation_rmse).4f, own-review AUC "
                             "%(validation_own_auc).3f, %(samples_per_second).0f samples/s", record)
        self.checkpoints.restore(self.session, "best")
        calibrated = calibration.calibrate(self.predictor, self.artefact.validation)
        command.log.info("best epoch %d; calibrated on validation: %s", state["best"], ", ".join(
            f"{name} {value:.3g}" for name, value in sorted(calibrated.items())))
        self.checkpoints.save_final(self.session, dict(state, calibrated=calibrated))
        return history[state["best"] - 1]

    def _stalled(self, history):
        return bool(history) and len(history) - best_epoch(history) >= self.config.patience

    def _epoch(self, epoch):
        start, losses_seen, count = time.time(), [], len(self.artefact.train.user)
        with tqdm(total=count, desc=f"epoch {epoch}/{self.config.epochs}", unit="sample", leave=False) as bar:
            for step, fed in enumerate(_ahead(self._batches(epoch))):
                loss, error, _ = self.session.run((self.loss, self.error, self.train_op), fed)
                self._require_finite(loss, f"loss is {loss} at epoch {epoch}, step {step}")
                losses_seen.append((loss, error))
                bar.set_postfix(loss=f"{np.mean(losses_seen, 0)[0]:.3f}", refresh=False)
                bar.update(len(fed[self.lessons.rating]))
        seconds = time.time() - start
        loss, error = np.mean(losses_seen, 0)
        validation_rmse, own_auc = self._validate(epoch)
        self.predictor.forget()
        return {"epoch": epoch, "loss": float(loss), "train_rmse": float(error ** .5),
                "validation_rmse": validation_rmse, "validation_own_auc": own_auc,
                "seconds": time.time() - start, "samples_per_second": count / seconds,
                "peak_memory_mib": command.peak_memory()}

    def _require_finite(self, value, what):
        if not np.isfinite(value):
            raise Diverged(f"{self.folder}: the {what}; train anew with a lower --lr, under another --name")

    def _batches(self, epoch):
        train, size = self.artefact.train, self.config.batch_size
        order = np.random.RandomState((self.config.seed + epoch) % 2 ** 32).permutation(len(train.user))
        for start in range(0, len(order), size):
            rows = order[start:start + size]
            pairs = self.corpus.pairs(train.user[rows], train.item[rows], train.review[rows], train.rating[rows])
            inputs, own = self.corpus.inputs(pairs)
            lessons = losses.Lessons(train.rating[rows], own, self.corpus.cross_likeness(pairs),
                                     self.corpus.own_likeness(pairs))
            yield {**graph.feed(self.inputs, inputs), **graph.feed(self.lessons, lessons),
                   self.seed: [self.config.seed, epoch * 1000003 + start]}

    def _validate(self, epoch):
        split = self.artefact.validation
        outputs, own_score, item_slots, _ = self.predictor(split.user, split.item, split.review)
        error = rating.rmse(outputs.rating, split.rating)
        self._require_finite(error, f"validation RMSE is {error} after epoch {epoch}")
        own = np.where(self.artefact.review_length[split.review] > 0, own_score, np.nan)
        own_auc = explanation.mean(explanation.retrieval_auc(own, outputs.personal, item_slots > 0))
        return error, .5 if own_auc is None else own_auc

    def _summarise(self, record):
        values = [tf.Summary.Value(tag=tag, simple_value=value) for tag, value in record.items() if tag != "epoch"]
        self.summaries.add_summary(tf.Summary(value=values), record["epoch"])
        self.summaries.flush()


def best_epoch(history):
    """Number of the best epoch so far: least validation RMSE; among those within RMSE_TIE of it the one that
    finds shoppers' own held-out reviews best, for rating error alone can pick an untrained attention."""
    least = min(record["validation_rmse"] for record in history)
    near = [record for record in history if record["validation_rmse"] <= least + RMSE_TIE]
    return max(near, key=lambda record: record["validation_own_auc"])["epoch"]


def _ahead(batches):
    """Yields from a generator that runs in a thread of its own, a few batches ahead."""
    ready, done = queue.Queue(AHEAD), object()
    stop = threading.Event()

    def prepare():
        try:
            for batch in batches:
                while not stop.is_set():
                    try:
                        ready.put(batch, timeout=.2)
                        break
                    except queue.Full:
                        continue
                if stop.is_set():
                    return
            ready.put(done)
        except BaseException as error:  # handed over to the consumer
            ready.put(error)

    threading.Thread(target=prepare, daemon=True).start()
    try:
        while True:
            batch = ready.get()
            if batch is done:
                return
            if isinstance(batch, BaseException):
                raise batch
            yield batch
    finally:
        stop.set()
