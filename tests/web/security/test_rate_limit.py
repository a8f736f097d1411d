"""The sliding-window rate limit."""

from grader.store import RateLimit
from grader.web.security import rate_limit
from grader.web.security.rate_limit import RateLimiter


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_slides() -> None:
    """Of three in ten seconds, the third waits until the first is ten seconds old; keys are independent."""
    clock = _Clock()
    limit = RateLimiter(RateLimit(2, 10), clock)
    assert limit.take("ada") == 0
    clock.now += 4
    assert (limit.take("ada"), limit.take("bob")) == (0, 0)
    assert (limit.take("ada"), limit.get_wait_s("ada"), limit.get_wait_s("bob")) == (6, 6, 0)
    clock.now += 6
    assert (limit.take("ada"), limit.take("ada")) == (0, 4)


def test_the_number_of_keys_is_bounded() -> None:
    """Beyond a number of keys the longest unused are forgotten, not one in constant use."""
    limit = RateLimiter(RateLimit(1, 10), _Clock())
    limit.take("first")
    for key in range(rate_limit.MAX_RATE_LIMIT_KEYS):
        limit.take(key)
    assert limit.get_wait_s("first") == 0
    assert limit.get_wait_s(1) > 0
