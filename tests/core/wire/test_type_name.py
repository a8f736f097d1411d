"""Tests of the names of values' types."""

import pytest

from grader.core.wire.type_name import get_type_name


class _Raises(type):
    def __getattribute__(cls, name: str) -> object:
        raise RuntimeError(name)


class Own(metaclass=_Raises):
    """A class whose name can't be asked for."""


@pytest.mark.parametrize(("value", "name"), [(3, "int"), (None, "NoneType"), (Own(), "Own"), (int, "type")])
def test_the_name_of_a_type(value: object, name: str) -> None:
    """A type's name is that of its class statement, whatever the class says about itself."""
    assert get_type_name(value) == name
