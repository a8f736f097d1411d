"""The root of all errors: what a command prints of it, and what a page shows."""

import ast
import pickle
import re
from collections.abc import Iterator

import pytest

from grader.core.errors import StoreError, UsageError, describe_cause
from tests.docs.error_sentences import find_page_sentences
from tests.import_graph import MODULES, ROOT, reachable, tree

COMMAND_OR_OPTION = re.compile(r"(?<![\w-])--[a-z]|(?<![Tt]he )\bgrader [a-z]+|\bGRADER_[A-Z]+")
BEFORE_THE_PORTAL = {
    "grader.web.serve": "the command that starts the portal prints these, before there is a page",
    "grader.web.settings": "the same: the settings are read before there is a page",
    "grader.course.bundle.release_readme": "the README in a release, which the portal hands out as a file",
}
"""Modules that the portal imports and whose errors only a terminal shows, with the reason."""


def test_a_page_names_no_command() -> None:
    """No message or error of a module of the portal has a command or an option; those belong to `command_hint`.

    Modules of the portal are those that may run in it; it finds those of the exports by their folder.
    """
    portal = reachable((name for name in MODULES if name.startswith("grader.web.")), lazily=True)
    portal |= {name for name in MODULES if name.startswith("grader.formats.export.")}
    assert portal >= BEFORE_THE_PORTAL.keys()
    sentences = {module: find_page_sentences(tree(module)) for module in portal - BEFORE_THE_PORTAL.keys()}
    assert [
        (module, text) for module, said in sentences.items() for text in said if COMMAND_OR_OPTION.search(text)
    ] == []


def test_a_remark_on_an_export_names_no_option() -> None:
    """Remarks are plain texts: none in the exports has an option, except the hints of errors."""
    exports = [tree(name) for name in MODULES if name.startswith("grader.formats.export.")]
    nodes = [node for one in exports for node in ast.walk(one)]
    errors = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "UsageError"]
    hints = {id(part) for error in errors for hint in error.args[1:] for part in ast.walk(hint)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in hints]
    assert [one for one in texts if isinstance(one, str) and re.search(r"(?<![\w-])--[a-z]", one)] == []


@pytest.mark.parametrize("folder", ["web", "feedback"])
def test_a_template_names_no_command(folder: str) -> None:
    """No text of a page's template has a command or an option."""
    templates = sorted((ROOT / "grader" / folder / "templates").glob("*.html"))
    said = [text for file in templates for text in re.findall(r'"((?:[^"\\]|\\.)*)"', file.read_text("utf-8"))]
    assert len(said) > 100
    assert [text for text in said if COMMAND_OR_OPTION.search(text)] == []


def test_a_sentence_has_no_error_number() -> None:
    """No text is made of an OSError as it is, such as "[Errno 2]": `strerror` and `describe_cause` leave that out."""
    assert [f"{module}:{line}" for module in MODULES for line in _find_raw_errors(tree(module))] == []


def _find_raw_errors(tree: ast.Module) -> Iterator[int]:
    """Yield the lines where the name of a caught OSError stands alone in an f-string or in `str(…)`."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.type is None or handler.name is None:
            continue
        if not {"OSError", "PermissionError", "FileNotFoundError"} & {
            name.id for name in ast.walk(handler.type) if isinstance(name, ast.Name)
        }:
            continue
        for node in ast.walk(handler):
            text = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str"
            shown = node.args if text and isinstance(node, ast.Call) else []
            shown = [node.value] if isinstance(node, ast.FormattedValue) else shown
            if any(isinstance(one, ast.Name) and one.id == handler.name for one in shown):
                yield node.lineno if isinstance(node, ast.expr) else handler.lineno


def test_a_hint_is_for_the_command_line() -> None:
    """A command prints message and hint, a page the message; both survive the way between processes."""
    error = UsageError("nothing has been graded yet", "run grader grade first")
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert str(one) == "nothing has been graded yet; run grader grade first"
        assert one.message == "nothing has been graded yet"
    assert str(StoreError("the records are damaged")) == "the records are damaged"


def test_a_cause_is_in_words() -> None:
    """A cause is the system's words without the error's number, the exception's own words, or its name."""
    assert describe_cause(FileNotFoundError(2, "No such file or directory", "a.py")) == "No such file or directory"
    assert describe_cause(ValueError("two\n lines")) == "two lines"
    assert describe_cause(TimeoutError()) == "TimeoutError"
