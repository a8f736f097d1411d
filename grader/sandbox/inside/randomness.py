"""Seeds every source of randomness that student code is likely to use, anew for each cell and request."""

import random
from collections.abc import Callable
from typing import Any, Final

RANDOMNESS_WORD: Final = "random"
"""Code without this word draws nothing; code that hides it still draws the same numbers in every run."""


def install_seeding() -> Callable[[int], None]:
    """Make unseeded generators repeatable; return the function that seeds all of them from a number.

    This covers `random`, `numpy.random`, and without a seed `random.Random()`, `numpy.random.RandomState()` and
    `default_rng()`.
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

    bit_generator.randbits = randbits  # type: ignore[attr-defined]  # the source of SeedSequence(None)
    random.Random.seed = seed  # type: ignore[method-assign]  # the replacement is deliberate
    random.seed = random._inst.seed

    def reseed(number: int) -> None:
        seed_entropy(number)
        seed_global(number)
        seed_numpy(number)

    return reseed
