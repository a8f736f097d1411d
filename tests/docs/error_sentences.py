"""Collect the sentences of the errors that the program raises, from its source. A value in a sentence becomes `…`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grader

PACKAGE = Path(grader.__file__).parent
ERRORS = {
    *("UsageError", "CourseError", "UnreadableSubmission", "StoreError", "NoRecords", "PortalError"),
    *("SandboxUnavailable", "ClusterError"),
}
"""Errors of a person's making or surroundings: those of `core/errors` but `SandboxFault`, which is the program's."""
SHOWN = {
    *(
        "formats/decode_text.py",
        "formats/file_set.py",
        "formats/notebook.py",
        "formats/script.py",
        "formats/read_submission.py",
    ),
    *("notebook_check.py", "web/app.py", "web/uploads.py", "web/pages/account.py", "web/pages/student.py"),
    *("web/pages/tokens.py", "web/security/passwords.py", "web/security/body_limits.py"),
}
"""Modules whose translatable messages are about what a person did, although no error is raised with them directly."""
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class ErrorSentence:
    """A sentence, and the module that raises it."""

    module: str
    text: str


def find_error_sentences() -> list[ErrorSentence]:
    """Return every sentence with which an error is raised, by module."""
    found: dict[ErrorSentence, None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "bundled" in path.parts:
            continue
        module = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            raised = isinstance(node, ast.Call) and _name(node.func) in ERRORS
            shown = isinstance(node, ast.Call) and module in SHOWN and _name(node.func) in ("gettext", "ngettext")
            if isinstance(node, ast.Call) and (raised or shown) and node.args:
                expression = node.args[0] if raised else node
                hints = [hint for argument in node.args[1:2] for hint in _read(argument)] if raised else []
                found |= {ErrorSentence(module, "; ".join([text, *hints])): None for text in _read(expression)}
    return list(found)


def find_page_sentences(tree: ast.Module) -> list[str]:
    """Return a module's translatable messages, and those of the errors that it raises, without their hints."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    messages = [node for node in calls if _name(node.func) in ("gettext", "ngettext")]
    raised = [node.args[0] for node in calls if _name(node.func) in ERRORS]
    return [text for node in [*messages, *raised] for text in _read(node)]


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _read(node: ast.expr) -> Iterator[str]:
    """Yield the sentences that an expression may be; nothing for one that is made elsewhere, such as `str(error)`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield " ".join(node.value.split())
    elif isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
        yield " ".join("".join(parts).split())
    elif isinstance(node, ast.Call) and _name(node.func) in ("gettext", "ngettext"):
        for argument in node.args[: 2 if _name(node.func) == "ngettext" else 1]:
            yield from (PLACEHOLDER.sub("…", text) for text in _read(argument))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for left in _read(node.left) or [""]:
            yield from (left + right for right in list(_read(node.right)) or ["…"])
    elif isinstance(node, ast.IfExp):
        yield from _read(node.body)
        yield from _read(node.orelse)
