"""What a statement assigns, and how a place in data is written."""

from dataclasses import dataclass

PathKey = str | int
"""What is looked up in a dict, list or tuple."""


def format_access_path(name: str, path: tuple[PathKey, ...] = ()) -> str:
    """How a person writes what is found there: `runs['relu'][0]`."""
    return name + "".join(f"[{key!r}]" for key in path)


@dataclass(frozen=True)
class Target:
    """What a statement of a function assigns: a local variable, or what lies in it under these keys."""

    name: str
    path: tuple[PathKey, ...] = ()

    @property
    def label(self) -> str:
        """How a person writes it."""
        return format_access_path(self.name, self.path)
