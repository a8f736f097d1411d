"""Tests of every attack, at every level that this machine offers, as the current user."""

from collections.abc import Iterator

import pytest

from grader.sandbox.level import Level
from tests.attacks.battery import Battery
from tests.attacks.case import Case, cases
from tests.attacks.ground import Ground, ground

_HERE = [case for case in cases() if case.applies()]


@pytest.fixture(scope="module")
def field() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.fixture(scope="module", params=[Level.FULL, Level.LANDLOCK, Level.SECCOMP], ids=str)
def battery(request: pytest.FixtureRequest, field: Ground) -> Iterator[Battery]:
    with Battery(request.param, field) as made:
        if made.level is not request.param:
            pytest.skip(f"this machine gives the sandbox level {made.level} only")
        yield made


@pytest.mark.parametrize("case", _HERE, ids=lambda case: case.name)
def test_attack_is_contained(battery: Battery, case: Case) -> None:
    """The attack ends as expected, the next submission is unaffected, and no trace of any kind is left."""
    assert battery.run(case) == []


def test_every_attack_states_its_outcome() -> None:
    """Each file's docstring is one sentence, and no two are equal."""
    sentences = [case.says for case in cases()]
    assert all(text.endswith(".") and "\n" not in text for text in sentences)
    assert len(set(sentences)) == len(sentences) > 100
