"""The rate limit: a token bucket for each address."""
from flask_app.web.rate_limit import RateLimit


def test_each_key_has_a_bucket_that_refills():
    now = [0.]
    limit = RateLimit(2, 60, most=2, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    now[0] = 1.
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    limit.allows("c")
    limit.allows("d")
    assert limit.allows("a")  # it was forgotten, so its bucket is full
