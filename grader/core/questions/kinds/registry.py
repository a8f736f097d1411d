"""The kinds of question: every module of this folder that has a `KIND`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from grader.core.questions import kinds
from grader.core.questions.kinds.kind import QuestionKind


def _find_kinds() -> dict[str, QuestionKind]:
    """The kinds by name, in the order of their modules' names."""
    modules = [import_module(f"{kinds.__name__}.{found.name}") for found in iter_modules(kinds.__path__)]
    return {module.KIND.name: module.KIND for module in modules if hasattr(module, "KIND")}


KINDS: Final[Mapping[str, QuestionKind]] = _find_kinds()
"""All kinds by name."""


def get_kind(name: str) -> QuestionKind:
    """The kind of that name. Raises ValueError where there is none."""
    if name not in KINDS:
        raise ValueError(f"there is no kind of question {name!r}; the kinds are {', '.join(KINDS)}")
    return KINDS[name]


def is_prose(name: str) -> bool:
    """Questions of the kind of that name are answered in prose. Of a kind that isn't known here: no."""
    return name in KINDS and KINDS[name].is_prose
