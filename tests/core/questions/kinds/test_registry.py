"""The registry finds all kinds, and no other part of the program has a list of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.core.questions.kinds.kind import PresenceForm, QuestionKind
from grader.core.questions.kinds.registry import KINDS, get_kind, is_prose

PACKAGE = Path(grader.__file__).parent
FOLDER = PACKAGE / "core" / "questions" / "kinds"
WORDS = {"code", "text"}
"""Names of kinds that are other words of the program, too: of a notebook's cells, of fields, of HTML's elements."""
BUILDERS = {
    "choice": {"authoring/fixed_answers.py"},
    "code": {"authoring/code_questions.py", "authoring/value_questions.py"},
    "code_reading": {"authoring/fixed_answers.py"},
    "drawing": {"authoring/value_questions.py"},
    "experiment": {"authoring/value_questions.py"},
    "matching": {"authoring/fixed_answers.py"},
    "text": {"authoring/fixed_answers.py"},
}
"""Modules that may name a kind besides its own: those with the function that declares such a question."""


def find_naming_modules(name: str) -> Iterator[str]:
    """Yield the modules and templates, outside the kinds, that name a kind or import its module."""
    for file in sorted(PACKAGE.rglob("*.py")):
        inside = file.is_relative_to(FOLDER) or "bundled" in file.parts
        if not inside and any(is_naming(node, name) for node in ast.walk(ast.parse(file.read_text("utf-8")))):
            yield file.relative_to(PACKAGE).as_posix()
    for file in sorted(PACKAGE.rglob("templates/*.html")):
        if re.search(rf"""kind\s*(==|!=)\s*["']{name}["']""", file.read_text("utf-8")):
            yield file.relative_to(PACKAGE).as_posix()


def is_naming(node: ast.AST, name: str) -> bool:
    """Tell whether a node is the kind's name as a string, or an import of its module."""
    if isinstance(node, ast.Constant):
        return node.value == name and name not in WORDS
    package = "grader.core.questions.kinds"
    if isinstance(node, ast.ImportFrom):
        own = node.module == package and name in {alias.name for alias in node.names}
        return own or node.module == f"{package}.{name}"
    return isinstance(node, ast.Import) and f"{package}.{name}" in {alias.name for alias in node.names}


def test_the_kinds_have_their_recorded_names() -> None:
    """The kinds' names, which gradings and releases contain, are those of the modules."""
    assert set(KINDS) == {"choice", "code", "code_reading", "drawing", "experiment", "matching", "text"}
    assert all((FOLDER / f"{name}.py").is_file() for name in KINDS)
    assert all(str(kind) == kind.name == name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_a_kind_is_one_module(kind: QuestionKind) -> None:
    """Besides its own module, only the module in which such a question is declared names a kind."""
    assert set(find_naming_modules(kind.name)) == BUILDERS[kind.name]


def test_kinds_are_distinct() -> None:
    """No two kinds have the same label, and no two forms the same name in a release."""
    assert len({kind.label for kind in KINDS.values()}) == len(KINDS)
    names = [form.form_name for kind in KINDS.values() for form in kind.forms]
    assert len({*names, PresenceForm.form_name}) == len(names) + 1
    assert all(kind.description.endswith(".") for kind in KINDS.values())


def test_an_unknown_kind_is_named() -> None:
    """An unknown kind is refused with the known names, and counts as not answered in prose."""
    assert get_kind("code") is KINDS["code"]
    with pytest.raises(ValueError, match="there is no kind of question 'poem'; the kinds are choice, code, "):
        get_kind("poem")
    assert (is_prose("text"), is_prose("code"), is_prose("poem")) == (True, False, False)
