"""Gradient times input, compared with the effect of a small change of each review."""
import numpy as np
import pytest

from models.inference import attribution
from models.inference.predictor import Predictor
from tests.models.building import Running, config


@pytest.mark.parametrize("preset", ["default", "drawing"])
def test_attribution_is_the_slope_of_the_rating_along_each_review(preset):
    running = Running(config(preset))
    predictor = Predictor(running.network, running.corpus, running.session)
    test, step = running.artefact.test, 1e-2
    stars = attribution.gradient_times_input(predictor, test.user, test.item, test.review)
    slots = running.corpus.served_slots.item[test.item]
    assert stars.shape == slots.shape and not stars[slots == 0].any() and stars.any()
    read = predictor.encoded_reviews[1]
    for pair, slot in list(zip(*np.nonzero(slots)))[:9]:
        one = [part[pair:pair + 1] for part in (test.user, test.item, test.review)]
        row, ratings = slots[pair, slot], []
        for factor in (1 + step, 1 - step):
            kept = [part[row].copy() for part in read]
            for part in read:
                part[row] *= factor
            ratings.append(float(predictor(*one).outputs.rating[0]))
            for part, values in zip(read, kept):
                part[row] = values
        slope = (ratings[0] - ratings[1]) / (2 * step)
        assert stars[pair, slot] == pytest.approx(slope, abs=3e-3)
