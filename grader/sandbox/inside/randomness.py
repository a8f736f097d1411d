"""Every source of chance that student code is likely to use, started anew from a number for each cell and request."""

import random
from collections.abc import Callable
from typing import Any, Final

RANDOMNESS_WORD: Final = "random"
"""Code without this word draws nothing. Code that hides the word draws the same in every run all the same."""


def install_seeding() -> Callable[[int], None]:
    """Makes unseeded generators repeatable; returns the function that starts all of them from a number.

    `random`, `numpy.random`, `random.Random()`, `numpy.random.RandomState()` and `default_rng()` without a seed.
    """
    import numpy as np
    from numpy.random import bit_generator

    seed_numpy = np.random.seed
    seed_global = random._inst.seed  # the generator behind `random.random`
    seed_instance = random.Random.seed
    entropy = random.Random()
    seed_entropy = entropy.seed

    def randbits(bits: int) -> int:
        return entropy.getrandbits(bits)

    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        seed_instance(self, entropy.getrandbits(64) if a is None else a, version)

    bit_generator.randbits = randbits  # type: ignore[attr-defined]  # where SeedSequence(None) draws
    random.Random.seed = seed  # type: ignore[method-assign]  # that is what it is for
    random.seed = random._inst.seed

    def reseed(number: int) -> None:
        seed_entropy(number)
        seed_global(number)
        seed_numpy(number)

    return reseed
