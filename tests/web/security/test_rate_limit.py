"""How often something may be tried."""

from grader.store import Rate
from grader.web.security import rate_limit
from grader.web.security.rate_limit import Limit


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_slides() -> None:
    """Two in ten seconds: the third waits until the first is ten seconds old; keys don't know each other."""
    clock = _Clock()
    limit = Limit(Rate(2, 10), clock)
    assert limit.take("ada") == 0
    clock.now += 4
    assert (limit.take("ada"), limit.take("bob")) == (0, 0)
    assert (limit.take("ada"), limit.wait("ada"), limit.wait("bob")) == (6, 6, 0)
    clock.now += 6
    assert (limit.take("ada"), limit.take("ada")) == (0, 4)


def test_many_keys_take_no_more_memory() -> None:
    """Beyond a number of keys the longest unused are forgotten, not the one that is tried all the time."""
    limit = Limit(Rate(1, 10), _Clock())
    limit.take("first")
    for key in range(rate_limit.MOST_KEYS):
        limit.take(key)
    assert limit.wait("first") == 0
    assert limit.wait(1) > 0
