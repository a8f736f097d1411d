"""Tests of rate limits on record."""

from concurrent.futures import ThreadPoolExecutor

from grader.store import RateLimit, Store

ADA, PLACE = "a" * 64, "b" * 64
FEW = {ADA: RateLimit(3, 600), PLACE: RateLimit(5, 600)}


def test_tries_are_counted_by_key_and_can_be_forgotten(store: Store) -> None:
    """Refused tries aren't counted; a forgotten try is free again; keys are independent."""
    assert [store.sign_in_tries.record_try(FEW) for _ in range(3)] == [0, 0, 0]
    assert 590 < store.sign_in_tries.record_try(FEW) <= 600
    assert 590 < store.sign_in_tries.get_wait_seconds(FEW) <= 600
    assert store.sign_in_tries.get_wait_seconds({PLACE: RateLimit(4, 600)}) == 0  # the refused one wasn't counted
    assert store.sign_in_tries.get_wait_seconds({PLACE: RateLimit(3, 600)}) > 0
    store.sign_in_tries.forget_last_try(FEW)
    assert store.sign_in_tries.record_try(FEW) == 0
    assert store.sign_in_tries.record_try(FEW) > 0
    assert store.sign_in_tries.record_try({"c" * 64: RateLimit(1, 600)}) == 0


def test_old_tries_expire(store: Store) -> None:
    """The window moves with time."""
    rate = {ADA: RateLimit(1, 0.0)}
    assert [store.sign_in_tries.record_try(rate) for _ in range(3)] == [0, 0, 0]


def test_several_processes_count_together(database_url: str) -> None:
    """Tries through another store, at the same time or after a restart, count together."""
    stores = [Store.open(database_url) for _ in range(2)]
    try:
        with ThreadPoolExecutor(8) as pool:
            taken = list(
                pool.map(lambda n: stores[n % 2].sign_in_tries.record_try({ADA: RateLimit(4, 600)}), range(16))
            )
    finally:
        for one in stores:
            one.close()
    assert taken.count(0) == 4
    with Store.open(database_url) as anew:
        assert anew.sign_in_tries.get_wait_seconds({ADA: RateLimit(4, 600)}) > 0
