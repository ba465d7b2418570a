"""A trained run as a system that is evaluated: it answers what `pairs.py` asks. `submission.py` is the other kind."""
from typing import NamedTuple

import numpy as np

from evaluation import progress
from evaluation.systems.pairs import Answers, Keys, Values
from metrics.comparison import OURS
from models import config as configs
from models.inference import catalogue_order
from models.inputs import baselines
from models.inputs.features import Corpus
from preprocessing import artefact as contract
from preprocessing.artefact import Artefact


class Data(NamedTuple):
    """The data that a system is evaluated on, as rules and baselines read them."""
    artefact: Artefact  # whose test and validation pairs may be those of a sample of users
    corpus: Corpus  # of the artefact with all pairs
    data_folder: str
    seed: int  # of baselines and rivals

    @property
    def tuning(self):
        """The Artefact with all validation pairs: baselines of ratings and rivals of rankings are tuned on it, as the
        system itself was, also where a sample of users is measured."""
        return self.artefact._replace(validation=self.corpus.artefact.validation)


def data_of(folder):
    """The Data of an artefact's folder, read as the default configuration reads it. Raises UserError."""
    artefact = contract.load(folder)
    config, sizes = configs.PRESETS[configs.DEFAULT], artefact.meta["sizes"]
    offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
    return Data(artefact, Corpus(artefact, config, offsets), folder, config.seed)


class System:
    """What is evaluated.

    Args:
      name: in tables and on the page.
      about: {key: value} of the report's record.
      data: Data.
      run: Trained; None where the answers come from a file, so that no rating without some reviews can be asked for.
    """

    def __init__(self, name, about, data, run=None):
        self.name, self.about, self.data, self.run = name, about, data, run


class RunSystem(System):
    """A trained run.

    Args:
      run: Trained.
      name: of the run.
    """

    def __init__(self, run, name):
        about = {"run": name, "preset": run.record["preset"], "seed": run.config.seed,
                 "trained": run.record.get("started")}
        super().__init__(OURS, about, Data(run.artefact, run.corpus, run.data_folder, run.config.seed), run)

    def answers(self, asked, bar):
        """The Answers to an Asked; advances the bar once for each row of its users."""
        keys, scores, told = Keys(self.data.artefact), [], asked.has_text
        slots = asked.candidates[asked.item]
        for users in asked.users:
            answers = self.run.predictor(users, asked.item, asked.own)
            key, real = keys.candidates(asked, users), slots > 0
            scores += [(key, answers.outputs.item_weights[real], answers.outputs.personal[real]),
                       (keys.own(asked, users), np.full(told.sum(), np.nan), answers.own_score[told])]
            bar.advance()
        key, shown, personal = (np.concatenate(parts) for parts in zip(*scores))
        return Answers(Values(key, shown), Values(key, personal))

    def rated(self):
        """The predicted stars [n] of the test pairs."""
        test = self.data.artefact.test
        return self.run.predictor.alone("rating", test.user, test.item, test.review)

    def stars(self):
        """A function (user [k], item [k]) -> [k] stars."""
        return lambda user, item: self.run.predictor.alone("rating", user, item)

    def order(self):
        """A function users [m] -> [m, I] scores by which items are ordered; None: they are ordered by stars."""
        if self.run.order is None:
            return None
        return catalogue_order.CatalogueOrder(self.run.predictor, self.run.order)

    def order_without_evidence(self):
        """The same, with weights chosen without the evidence of the reviews; None where the order has none."""
        if self.run.order is None or not self.run.order.evidence:
            return None
        return catalogue_order.without_evidence(self.run.predictor, self.run.order)

    def values(self, asked, catalogue):
        """{column of `table.py`: Values}: everything that an evaluation asks.

        Args:
          asked: Asked.
          catalogue: (user, item, with rating) of `pairs.in_catalogue`, or empty arrays.
        """
        (user, item, by_stars), test, keys = catalogue, self.data.artefact.test, Keys(self.data.artefact)
        answers, order, pair = self.answers(asked, progress.SILENT), self.order(), keys.pair(user, item)
        rated, stars = self.rated(), self.stars()(user[by_stars], item[by_stars]) if by_stars.any() else []
        users, row = np.unique(user, return_inverse=True)
        ranking = np.full(len(pair), np.nan) if order is None or not len(pair) else order(users)[row, item]
        return {"score": answers.score, "personal": answers.personal, "ranking": Values(pair, ranking),
                "rating": Values(np.concatenate([keys.pair(test.user, test.item), pair[by_stars]]),
                                 np.concatenate([rated, stars]))}
