"""The registry of question kinds: every module of this folder with a `KIND`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from grader.core.questions import kinds
from grader.core.questions.kinds.kind import QuestionKind


def _find_kinds() -> dict[str, QuestionKind]:
    """Return the kinds by name, in the order of their modules' names."""
    modules = [import_module(f"{kinds.__name__}.{found.name}") for found in iter_modules(kinds.__path__)]
    return {module.KIND.name: module.KIND for module in modules if hasattr(module, "KIND")}


KINDS: Final[Mapping[str, QuestionKind]] = _find_kinds()
"""All kinds by name."""


def get_kind(name: str) -> QuestionKind:
    """Return the kind of that name. Raises ValueError for an unknown one."""
    if name not in KINDS:
        raise ValueError(f"there is no kind of question {name!r}; the kinds are {', '.join(KINDS)}")
    return KINDS[name]


def is_prose(name: str) -> bool:
    """Tell whether questions of that kind are answered in prose; False for an unknown kind."""
    return name in KINDS and KINDS[name].is_prose
