"""The attention that reviews receive: the weights of the predictor, without the reader's own reviews."""
import numpy as np
import pytest

from models.inference.predictor import Predictor
from models.inference.trained import Trained
from runtime.cli import UserError
from tests.models import building
from user_modeling import attention


def running(name):
    built = building.Running(building.named(name))
    predictor = Predictor(built.network, built.corpus, built.session)
    return Trained({}, built.network.config, built.artefact, built.corpus, predictor, "")


@pytest.fixture(scope="module", params=["default", "drawing", "text", "id", "product"])
def run(request):
    return running(request.param)


def test_a_share_is_the_weight_of_the_predictor_times_the_number_of_reviews(run):
    attended, artefact = attention.Attention(run), run.artefact
    users, compared = np.arange(len(artefact.user_reviews)), 0
    shares = attended.shares(users)
    for item in np.unique(attended.scores.owner):
        rows = attended.scores.review[attended.scores.owner == item]
        answers = run.predictor(users, np.full(len(users), item))
        for user in users:
            if (artefact.review_user[rows] != user).all() and len(rows) > 1:
                weights = {row: weight for row, weight in zip(answers.item_slots[user],
                                                              answers.outputs.item_weights[user]) if row}
                expected = [len(rows) * weights[row] for row in rows]
                assert np.allclose(shares[user, attended.scores.owner == item], expected, atol=2e-4)
                compared += 1
    assert compared > 3


def test_the_shares_of_the_other_reviews_of_an_item_are_1_on_average_and_the_own_one_has_none(run):
    attended = attention.Attention(run)
    users = np.arange(len(run.artefact.user_reviews))
    shares = attended.shares(users)
    own = run.artefact.review_user[attended.scores.review][None] == users[:, None]
    assert np.isnan(shares[own]).all()
    for item in np.unique(attended.scores.owner):
        for user in users:
            others = shares[user, (attended.scores.owner == item) & ~own[user]]
            assert np.isnan(others).all() if len(others) < 2 else abs(others.mean() - 1) < 1e-4


def test_received_attention_is_the_mean_over_readers_and_names_those_who_attend_most(run, monkeypatch):
    attended, random = attention.Attention(run), np.random.RandomState
    shares = attended.shares(np.arange(len(run.artefact.user_reviews)))
    found = attention.received(attended, random(0))
    able = np.isfinite(shares).any(axis=0)
    assert np.array_equal(found.readers, np.isfinite(shares).sum(axis=0)) and able.any()
    assert np.allclose(found.share[able], np.nanmean(shares[:, able], axis=0)) and np.isnan(found.share[~able]).all()
    for place in range(shares.shape[1]):
        best = np.sort(shares[np.isfinite(shares[:, place]), place])[::-1][:attention.TOP]
        named = found.top[place] >= 0
        assert named.sum() == len(best) and np.allclose(found.top_share[place][named], best, atol=1e-6)
        assert np.allclose(shares[found.top[place][named], place], best, atol=1e-6)
    monkeypatch.setattr(attention, "BLOCK", 2 * shares.shape[1])  # two readers at a time
    again = attention.received(attended, random(0))
    assert np.allclose(again.share, found.share, equal_nan=True)
    assert np.allclose(np.nan_to_num(again.top_share, neginf=-1), np.nan_to_num(found.top_share, neginf=-1), atol=1e-6)
    monkeypatch.setattr(attention, "READERS", 3)
    assert attention.received(attended, random(0)).readers.max() <= 3


@pytest.mark.parametrize("name", ["deepconn", "narre", "author"])
def test_a_run_whose_attention_is_not_personal_is_refused(name):
    with pytest.raises(UserError, match="folder: this run has no attention that depends on the user"):
        attention.require_personal(Trained({}, building.named(name), None, None, None, ""), "folder")
