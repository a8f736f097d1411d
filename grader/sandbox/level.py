"""The strength of the sandbox on this machine."""

from enum import StrEnum


class Level(StrEnum):
    """The levels from the weakest to the strongest; compare them with `at_least`.

    full      namespaces + Landlock + seccomp + resource limits
    landlock  no namespaces (containers)
    seccomp   no Landlock either (older kernels)
    none      a subprocess with a time limit: for one's own code only
    """

    NONE = "none"
    SECCOMP = "seccomp"
    LANDLOCK = "landlock"
    FULL = "full"

    def at_least(self, other: "Level") -> bool:
        """Return whether this level is as strong as the other."""
        order = list(Level)
        return order.index(self) >= order.index(other)
