"""Targets of assignments, their places in a function's data flow, and access paths in Python's notation."""

from dataclasses import dataclass, field

PathKey = str | int
"""A key of a dict, or an index of a list or tuple."""


def format_access_path(name: str, path: tuple[PathKey, ...] = ()) -> str:
    """Return an access path in Python's notation: `runs['relu'][0]`."""
    return name + "".join(f"[{key!r}]" for key in path)


@dataclass(frozen=True)
class FlowRole:
    """The place of a local variable in its function's data flow, by which it is found under any name.

    `feeds` are the keys of the returned parts that follow from it without another asked variable in between, None for
    an undivided result; `reads` are the positions of the arguments from which it follows.
    """

    feeds: tuple[PathKey | None, ...] = ()
    reads: tuple[int, ...] = ()


@dataclass(frozen=True)
class Target:
    """The target of an assignment in a function: a local variable, or the item in it under these keys.

    A function may name it otherwise: `part` is its key in the returned value, `role` its place in the data flow.
    """

    name: str
    path: tuple[PathKey, ...] = ()
    part: PathKey | None = field(default=None, compare=False)
    role: FlowRole | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """The target in Python's notation."""
        return format_access_path(self.name, self.path)
