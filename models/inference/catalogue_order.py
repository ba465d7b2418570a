"""The order of all items for a user, by a run's `Order`: y and its parts."""
import numpy as np

from models.inference import personal
from models.ranking import blend, evidence, item_item, praise
from models.run_folder import item_order, layout
from runtime import cli
from runtime.cli import UserError
from runtime.files import reason

CHUNK = 64  # users at a time


class CatalogueOrder:
    """Scores the catalogue for users.

    Args:
      predictor: Predictor.
      order: Order of the run.
    """

    def __init__(self, predictor, order):
        artefact = predictor.corpus.artefact
        self.order, self.items = order, len(artefact.item_reviews)
        self.purchases = item_item.interactions(artefact.train, len(artefact.user_reviews), self.items)  # X
        self.popularity = blend.popularity(artefact)
        self.scores = personal.PersonalScores(predictor) if order.evidence else None
        self.stars = None if self.scores is None else blend.stars(artefact, self.scores.review)  # [n]
        self.praise = None
        if self.scores is not None and order.praise:
            self.praise = praise.PraiseOfItems(order.aspects, artefact.review_item, self.items)

    def __call__(self, users):
        """Returns y [m, I] of users [m]."""
        return np.concatenate([self._some(users[start:start + CHUNK]) for start in range(0, len(users), CHUNK)])

    def _some(self, users):
        return blend.scores(self.order, self.evidence(users), self.purchases[users], self.popularity)

    def evidence(self, users):
        """Returns E [m, I], with the verdict and the praise of the reviews; 0 where the order does not use it."""
        if self.scores is None:
            return np.zeros((len(users), self.items), np.float32)
        spoken = evidence.spoken(self.scores(users), self.scores.owner, self.items, self.order, self.stars)
        if self.praise is not None:
            spoken += self.order.praise * self.praise.of_users(self.order.aspects.users[users])
        return spoken

    def praise_changes(self, user, item, rows):
        """Returns by how much leaving out each review in rows [R] of an item changes w_A A of a user, [R]."""
        if self.praise is None:
            return np.zeros(len(rows))
        changes = self.praise.without(item, rows) - self.praise.praise[item]  # [R, K]
        return self.order.praise * (changes @ self.order.aspects.users[user])


def without_evidence(predictor, order):
    """Returns the CatalogueOrder of purchases and popularity alone; see `blend.without_evidence`."""
    corpus, seed = predictor.corpus, predictor.network.config.seed
    chosen = blend.without_evidence(corpus.artefact, order, np.count_nonzero(corpus.served_slots.item), seed)
    return CatalogueOrder(predictor, chosen)


def choose_and_save(predictor, run_folder, aspects):
    """Chooses the Order of a finished run, and writes it to the run's folder. Raises UserError where it cannot.

    Args:
      predictor: Predictor.
      run_folder: of the run.
      aspects: item_order.Aspects, by which the order may praise items; None: it does not.
    """
    order = choose(predictor, predictor.network.config.seed, aspects)
    try:
        item_order.save(run_folder, order)
    except OSError as error:
        raise UserError(f"{layout.order_of(run_folder)}: cannot be written ({reason(error)}); the run itself is "
                        f"complete; solve this, then call ./run order {layout.flags_of(run_folder)}") from error
    cli.log.info("Items are ordered by %s; validation nDCG@10 %.4f.", described(order), order.ndcg)


def described(order):
    """Returns the parts of an Order in words."""
    numbers = (f"weight {order.evidence:.3g}, tau {order.tau:.3g}, of the stars {order.stars:.3g}, of the praise "
               f"{order.praise:.3g}")
    parts = [f"evidence of reviews ({numbers})" if order.evidence else "",
             f"purchases ({order.model})" if order.model else "",
             f"popularity (weight {order.popularity:.3g})" if order.popularity else ""]
    return ", ".join(filter(None, parts)) or "nothing: every item ties"


def choose(predictor, seed, aspects=None):
    """Returns the Order that ranks the validation items of a trained network best; see `blend.choose`."""
    config, artefact = predictor.network.config, predictor.corpus.artefact
    if not config.personal_scores:
        nothing = np.zeros(0, np.int64)
        return blend.choose(artefact, None, nothing, nothing, seed)
    scores = personal.PersonalScores(predictor)
    return blend.choose(artefact, scores, scores.owner, scores.review, seed, aspects=aspects)
