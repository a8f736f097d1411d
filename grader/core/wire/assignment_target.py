"""What a statement assigns, and how a place in data is written."""

from dataclasses import dataclass

Key = str | int
"""What is looked up in a dict, list or tuple."""


def spelt(name: str, path: tuple[Key, ...] = ()) -> str:
    """How a person writes what is found there: `runs['relu'][0]`."""
    return name + "".join(f"[{key!r}]" for key in path)


@dataclass(frozen=True)
class Target:
    """What a statement of a function assigns: a local variable, or what lies in it under these keys."""

    name: str
    path: tuple[Key, ...] = ()

    @property
    def label(self) -> str:
        """How a person writes it."""
        return spelt(self.name, self.path)
