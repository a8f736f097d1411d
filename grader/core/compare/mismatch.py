"""Ways in which an actual value differs from the expected one, one small class per kind. Data, no sentences."""

from dataclasses import dataclass

from grader.core.text.messages import MessageLike


@dataclass(frozen=True, kw_only=True)
class _Located:
    location: str = ""
    """Keys and positions of the place, such as `['W1'][0]`; empty if the whole value differs."""


@dataclass(frozen=True)
class TypeMismatch(_Located):
    """Another type. `expected` is `dict`, `tuple`, `list`, `str` or `None`; empty if a tensor was expected."""

    expected: str
    actual: str


@dataclass(frozen=True)
class TextMismatch(_Located):
    """Another text than the expected one; neither is repeated."""


@dataclass(frozen=True)
class KeysMismatch(_Located):
    """A dict without some expected keys, or with others besides them."""

    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class LengthMismatch(_Located):
    """A list or tuple with another number of items."""

    expected: int
    actual: int


@dataclass(frozen=True)
class ShapeMismatch(_Located):
    """A tensor of another shape."""

    expected: tuple[int, ...]
    actual: tuple[int, ...]


@dataclass(frozen=True)
class DtypeMismatch(_Located):
    """A tensor of another kind of dtype, or one whose numbers were truncated to integers."""

    expected: str
    actual: str


@dataclass(frozen=True, kw_only=True)
class _Differing(_Located):
    """`differing` of the `size` values of a tensor differ, the first of them at the index `first_index`.

    `largest` is the largest absolute difference among finite values; empty if there is none.
    """

    shape: tuple[int, ...] = ()
    differing: int = 0
    size: int = 0
    first_index: tuple[int, ...] = ()
    expected_at: str = ""
    actual_at: str = ""
    largest: str = ""


@dataclass(frozen=True, kw_only=True)
class NonfiniteMismatch(_Differing):
    """A tensor with NaN or infinity in other places; `differing` and `first_index` are about those places."""


@dataclass(frozen=True, kw_only=True)
class ValuesMismatch(_Differing):
    """A tensor with other values."""


@dataclass(frozen=True)
class PropertyMismatch:
    """A result that lacks a property, or breaks a rule; `text` says which."""

    text: MessageLike


Mismatch = (
    TypeMismatch
    | TextMismatch
    | KeysMismatch
    | LengthMismatch
    | ShapeMismatch
    | DtypeMismatch
    | NonfiniteMismatch
    | ValuesMismatch
    | PropertyMismatch
)
