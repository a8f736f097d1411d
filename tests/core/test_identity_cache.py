"""Tests of the cache by identity."""

from grader.core.identity_cache import IdentityCache


def test_the_same_objects_give_the_same_value() -> None:
    """A value is found by the same objects in the same order, and not by equal ones."""
    cache: IdentityCache[str] = IdentityCache(8)
    one, other = [1], [1]
    cache.add("kept", one, other)
    assert cache.get(one, other) == "kept"
    assert cache.get(other, one) is None
    assert cache.get(one, [1]) is None
    assert cache.get(one) is None


def test_a_value_is_computed_once() -> None:
    """Only the first request for an object computes its value."""
    cache: IdentityCache[object] = IdentityCache(8)
    key = object()
    assert cache.get_or_compute(object, key) is cache.get_or_compute(object, key)
    assert len(cache) == 1


def test_a_full_cache_starts_again() -> None:
    """The cache never has more values than its size, and drops all of them when it is full."""
    cache: IdentityCache[int] = IdentityCache(3)
    keys = [object() for _ in range(4)]
    for number, key in enumerate(keys):
        cache.add(number, key)
    assert [cache.get(key) for key in keys] == [None, None, None, 3]
    assert len(cache) == 1


def test_no_object_gets_the_value_of_one_that_is_gone() -> None:
    """Objects are kept alive, so that a new one can't get the identity of an old one."""
    cache: IdentityCache[int] = IdentityCache(100)
    for number in range(100):
        key = [number]
        assert cache.get(key) is None
        cache.add(number, key)
        del key
