"""The name of a value's type, as written in its class statement: a student's class can't replace it or raise."""

_MAX_LENGTH = 100


def get_type_name(value: object) -> str:
    """Return the name of a value's type."""
    return str(type.__dict__["__name__"].__get__(type(value)))[:_MAX_LENGTH]
