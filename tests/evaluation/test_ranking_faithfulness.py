"""Faithfulness of the order of items: against orders that are computed anew, and planted cases with a known answer."""
import numpy as np
import pytest
from scipy import sparse

from evaluation import absence, ranking_faithfulness
from metrics import counterfactual, labels
from models.inference.catalogue_order import CatalogueOrder
from models.ranking import blend, evidence, held_out, praise
from models.run_folder.item_order import Aspects, Order

ITEMS = 30
RESULT = {"value": 2., "control": 1., "users": 3, "difference": {"difference": 1., "low": .5, "high": 1.5, "p": .01}}


class Scored:
    """A CatalogueOrder of given personal scores [U, n] of reviews of items `owner` [n], and purchases X [U, I]."""

    def __init__(self, order, bought, spoken=None, owner=None, stars=None, review=None):
        self.order, self.items, self.purchases = order, bought.shape[1], sparse.csr_matrix(bought, dtype=np.float32)
        self.popularity, self.scores = np.log1p(bought.sum(0)).astype(np.float32), None
        if spoken is not None:
            self.stars = np.zeros(len(owner)) if stars is None else stars
            self.scores = lambda users: spoken[users]
            self.scores.owner, self.scores.review = owner, np.arange(1, len(owner) + 1) if review is None else review
        self.praise = order.aspects and praise.PraiseOfItems(order.aspects, *review_item(self.scores, self.items))

    praise_changes = CatalogueOrder.praise_changes

    def __call__(self, users):
        spoken = np.zeros((len(users), self.items)) if self.scores is None else evidence.spoken(
            self.scores(users), self.scores.owner, self.items, self.order, self.stars)
        if self.praise:
            spoken = spoken + self.order.praise * (self.order.aspects.users[users] @ self.praise.praise.T)
        return blend.scores(self.order, spoken, self.purchases[users], self.popularity)


def review_item(scores, items):
    """(items [N+1] of the reviews, `items`); a review that was left out has no row in the matrix of praise either."""
    item = np.zeros(scores.review.max() + 1, int)
    item[scores.review] = scores.owner
    return item, items


def order_of(speaking=0., popularity=0., tau=0., matrix=None):
    matrix = sparse.csr_matrix((ITEMS, ITEMS), dtype=np.float32) if matrix is None else matrix
    return Order(speaking, popularity, tau, 0., "ease", {}, 0., np.zeros(ITEMS, np.float32), matrix.astype(np.float32))


def held_of(bought, test):
    """The HeldOut of users who all have one test item."""
    users = np.arange(len(bought))
    return held_out.HeldOut(users, users, np.asarray(test), np.full(len(users), 5.), bought > 0)


def random_order(seed, tau=0., praised=0., **verdict):
    """A Scored at random, with 1 to 5 reviews of each item but the last, and 4 purchases of each of 12 users; `praised`
    is the weight of the praise of 3 aspects."""
    random = np.random.RandomState(seed)
    owner = np.repeat(np.arange(ITEMS - 1), random.randint(1, 6, ITEMS - 1))
    bought = np.zeros((12, ITEMS))
    for row in bought:
        row[random.permutation(ITEMS)[:4]] = 1
    matrix = sparse.random(ITEMS, ITEMS, .5, "csr", random_state=random)
    aspects = Aspects(random.rand(12, 3), sparse.random(len(owner) + 1, 3, .6, "csr", random_state=random), None)
    order = order_of(1.5, .2, tau, matrix)._replace(praise=praised, aspects=aspects if praised else None, **verdict)
    return Scored(order, bought, random.normal(0, 1, (12, len(owner))), owner, random.choice([-3., 0, .5], len(owner)))


def without_review(order, row):
    """An Order whose aspects know nothing of a review."""
    if order.aspects is None:
        return order
    kept = sparse.diags((np.arange(order.aspects.reviews.shape[0]) != row).astype(float)) @ order.aspects.reviews
    kept.eliminate_zeros()
    return order._replace(aspects=order.aspects._replace(reviews=kept.tocsr()))


def candidates(scored, user):
    return np.where(scored.purchases[user].toarray()[0] > 0, -np.inf, scored(np.array([user]))[0])


@pytest.mark.parametrize("tau", [0., 1e-3, .7, 30.])
def test_the_change_of_the_evidence_is_that_of_an_item_without_the_review(tau):
    for count in (2, 3, 7):
        scores = np.random.RandomState(count).normal(0, 3, count)
        stars = np.random.RandomState(count + 9).normal(0, 2, count)

        def told(kept):
            return evidence.told(scores[kept][np.newaxis], np.zeros(len(kept), int), 1, tau, .5, stars[kept], 2.)

        every = np.arange(count)
        whole, without = told(every), [told(np.delete(every, left)) for left in every]
        changes = ranking_faithfulness.evidence_changes(scores, tau)
        expected = [part.evidence[0, 0] - whole.evidence[0, 0] for part in without]
        np.testing.assert_allclose(changes, expected, atol=2e-3 if tau == 1e-3 else 1e-5)
        assert np.argmin(changes) == np.argmax(scores)
        expected = [part.verdict[0, 0] - whole.verdict[0, 0] for part in without]
        order = order_of(tau=tau)._replace(floor=.5, prior=2.)
        np.testing.assert_allclose(ranking_faithfulness.verdict_changes(scores, stars, order), expected, atol=1e-5)


@pytest.mark.parametrize("tau, verdict", [(0., {}), (2., {}), (2., dict(stars=.5, prior=1.5)), (.5, dict(stars=2.)),
                                          (1., dict(stars=.5, prior=1.5, praised=3.)), (0., dict(praised=9.))])
def test_moves_of_reviews_are_those_of_orders_made_without_each_review(tau, verdict):
    for seed in range(5):
        scored = random_order(seed, tau, **verdict)
        user, owner = seed, scored.scores.owner
        y, spoken = candidates(scored, user), scored.scores(np.arange(12))
        top, expected = ranking_faithfulness.first_items(y), []
        for item in top:
            reviews, moved = np.flatnonzero(owner == item), []
            for review in reviews if len(reviews) > 1 else ():
                kept = np.arange(len(owner)) != review
                rest = Scored(without_review(scored.order, scored.scores.review[review]), scored.purchases.toarray(),
                              spoken[:, kept], owner[kept], scored.stars[kept], scored.scores.review[kept])
                other = candidates(rest, user)
                moved.append(abs(int((other > other[item]).sum()) - int((y > y[item]).sum())))
            if moved:
                expected.append((moved[int(np.argmax(spoken[user, reviews]))], np.mean(moved)))
        found = ranking_faithfulness.moves_of_reviews(y, top, spoken[user], scored, user)
        assert found == pytest.approx(tuple(np.mean(expected, 0)))


def test_moves_of_purchases_are_those_of_orders_made_without_each_purchase():
    for user in range(12):
        scored = random_order(3)
        y, matrix = candidates(scored, user), scored.order.matrix.toarray()
        top, bought, expected = ranking_faithfulness.first_items(y), scored.purchases[user].indices, []
        for item in top:
            moved = [abs(int((y - matrix[j] > (y - matrix[j])[item]).sum()) - int((y > y[item]).sum())) for j in bought]
            if matrix[bought, item].max() > 0:
                expected.append((moved[int(np.argmax(matrix[bought, item]))], np.mean(moved)))
        found = ranking_faithfulness.moves_of_purchases(y, top, bought, scored.order.matrix)
        assert found == pytest.approx(tuple(np.mean(expected, 0)))


def planted(seed=0, users=40):
    """Each user has an item that one of its five reviews speaks for, and one that one of five purchases speaks for."""
    random = np.random.RandomState(seed)
    bought, matrix = np.zeros((users, ITEMS)), np.zeros((ITEMS, ITEMS))
    for row in bought:
        row[random.permutation(10)[:5]] = 1  # items 0 to 9 are bought, each speaks for one of 10 to 19
    matrix[np.arange(10), np.arange(10) + 10] = 50.
    owner = np.repeat(np.arange(ITEMS), 5)
    spoken = np.tile(np.linspace(1, 0, ITEMS).repeat(5), (users, 1))  # all reviews of an item alike
    spoken[np.arange(users), 5 * random.randint(20, ITEMS, users)] += 100.
    return bought, sparse.csr_matrix(matrix), spoken, owner


def records_of(scored, test, popular):
    held = held_of(scored.purchases.toarray(), test)
    values = ranking_faithfulness.measured(scored, held, popular, np.random.RandomState(0))
    return values, ranking_faithfulness.records(values, held.users, np.random.RandomState(0))


@pytest.mark.parametrize("tau", [0., 1.])
def test_the_planted_review_moves_its_item_and_the_others_do_not(tau):
    bought, _, spoken, owner = planted()
    values, found = records_of(Scored(order_of(1., 0., tau), bought, spoken, owner), np.full(40, 29), np.zeros(40))
    review = found["review"]
    assert review["users"] == 40 and review["difference"]["low"] > 0
    assert (values["review"]["value"] >= 1).all()  # the first of ten items falls by ten places or more
    assert "purchase" not in found  # the matrix is empty


def test_where_all_reviews_are_alike_none_moves_an_item():
    bought, _, spoken, owner = planted()
    alike = np.tile(np.linspace(1, 0, ITEMS).repeat(5), (40, 1))
    _, found = records_of(Scored(order_of(1.), bought, alike, owner), np.full(40, 29), np.zeros(40))
    assert found["review"]["value"] == found["review"]["control"] == 0


def test_the_planted_purchase_moves_its_item_and_a_random_one_moves_it_a_fifth_of_the_time():
    bought, matrix, _, _ = planted()
    _, found = records_of(Scored(order_of(0., .001, 0., matrix), bought), np.full(40, 29), np.zeros(40))
    purchase = found["purchase"]
    assert purchase["users"] == 40 and purchase["difference"]["low"] > 0 and "review" not in found
    assert purchase["value"] > 3 * purchase["control"]


def test_an_order_that_is_the_same_for_all_finds_as_much_for_others():
    bought = planted()[0]
    held = held_of(bought, np.argmin(bought, 1))
    y = np.tile(np.linspace(1, 0, ITEMS), (40, 1))
    own = counterfactual.ranks_in(np.where(held.in_training, -np.inf, y), held.row, held.item)
    found = ranking_faithfulness.swapped(y, held, np.random.RandomState(0))
    np.testing.assert_allclose(found, np.where(own <= 10, 1 / np.log2(1 + own), 0))


def test_an_order_for_disjoint_tastes_finds_nothing_for_others():
    bought, test = np.eye(12, ITEMS), 12 + np.arange(12)
    matrix = np.zeros((ITEMS, ITEMS))
    matrix[np.arange(12), test] = 1.
    scored = Scored(order_of(0., 0., 0., sparse.csr_matrix(matrix)), bought)
    values, found = records_of(scored, test, np.full(12, .25))
    assert [ranking_faithfulness.first_items(candidates(scored, user))[0] for user in range(12)] == test.tolist()
    assert (values["swapped"]["value"] == 0).all() and (values["swapped"]["control"] == .25).all()
    assert found["swapped"]["difference"]["difference"] == -.25


def test_training_items_of_the_other_user_are_candidates_and_the_own_are_not():
    bought = np.zeros((2, ITEMS))
    bought[0, 3] = bought[1, 5] = 1
    y = np.tile(np.arange(ITEMS, 0, -1.), (2, 1)).astype(np.float32)
    held = held_of(bought, [5, 4])  # user 0's test item is a training item of user 1
    found = ranking_faithfulness.swapped(y, held, np.random.RandomState(0))
    np.testing.assert_allclose(found, [1 / np.log2(1 + 5), 1 / np.log2(1 + 5)])
    one = held.of_users(np.array([0]))
    assert np.isnan(ranking_faithfulness.swapped(y[:1], one, np.random.RandomState(0))).all()


def test_users_beyond_the_limit_are_not_measured(monkeypatch):
    monkeypatch.setattr(ranking_faithfulness, "USERS", 7)
    scored = random_order(1)
    values, found = records_of(scored, np.argmin(scored.purchases.toarray(), 1), np.zeros(12))
    assert {np.isfinite(both["value"]).sum() for both in values.values()} == {7}
    assert found["swapped"]["users"] == 7


def test_what_is_absent_has_a_reason():
    assert set(absence.reasons_of_rankings({}).values()) == {absence.NO_ORDER}
    whole = dict.fromkeys(labels.FAITHFULNESS, RESULT)
    assert absence.reasons_of_rankings({"faithfulness": whole}) == {}
    del whole["review"]
    reasons = absence.reasons_of_rankings({"faithfulness": whole})
    assert list(reasons) == ["ranking_review"] and "no evidence" in reasons["ranking_review"]
    assert labels.measure("ranking_review") == labels.FAITHFULNESS["review"]
    assert labels.measure("rankings") == "rankings"
