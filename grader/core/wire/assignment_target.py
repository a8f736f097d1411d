"""Targets of assignments, and access paths in Python's notation."""

from dataclasses import dataclass

PathKey = str | int
"""A key of a dict, or an index of a list or tuple."""


def format_access_path(name: str, path: tuple[PathKey, ...] = ()) -> str:
    """Return an access path in Python's notation: `runs['relu'][0]`."""
    return name + "".join(f"[{key!r}]" for key in path)


@dataclass(frozen=True)
class Target:
    """The target of an assignment in a function: a local variable, or the item in it under these keys."""

    name: str
    path: tuple[PathKey, ...] = ()

    @property
    def label(self) -> str:
        """The target in Python's notation."""
        return format_access_path(self.name, self.path)
