"""The course's own solution with the reverse of an edit that mends a student's answer.

What mends an answer stands in the solution, too; the student's text in its place makes the mistake. The place is found
by its words: spaces don't matter, and the last of two axes is 1 or -1. What occurs never or twice has no place.

An author may paste the result and run it outside of the sandbox. So a student's text is put in only if it is short,
holds no text in quotes, and consists of words of the solution and of plain numpy alone.
"""

import ast
import builtins
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

MAX_CHARS: Final = 200
"""Characters of a student's text that is put into the solution."""
_WORD: Final = re.compile(r"\w+|\S")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_HARMLESS_WORDS: Final = frozenset(
    _NAME.findall(
        "T abs add all any argmax argmin array astype axis bool copy cos divide dot dtype enumerate exp expand_dims "
        "eye False flatten float float64 if else for in int is keepdims len log log10 log2 matmul max maximum mean min "
        "minimum multiply ndim ndindex newaxis None not np ones ones_like prod range ravel reshape return round shape "
        "sin size sqrt square std subtract sum tanh transpose True tuple var where zeros zeros_like zip"
    )
)
"""Words that calculate or choose, and reach nothing outside of a calculation: no file, module, text or code."""
_LAST_AXIS: Final = re.compile(r"\baxis\s*=\s*-\s*1\b")
_BLANK: Final = re.compile(r"#\s*blank(-line)?:")


@dataclass(frozen=True)
class ReversedEdit:
    """A solution's function with a student's text in one place.

    `blank` names the blank in which the place is, as `filling` takes it, and `text` is what fills it then; both are
    empty if the place is in no blank that hides a value. `tree` is the whole function; `outer_names` are the names
    that it takes from its file.
    """

    blank: str
    text: str
    tree: ast.FunctionDef
    outer_names: frozenset[str]


@dataclass(frozen=True)
class _Solution:
    source: str
    tree: ast.FunctionDef


def reverse_edit(reference: Callable[..., Any] | None, before: str, after: str) -> ReversedEdit | None:
    """Return the solution with `before` in place of `after`; None if there is no such place, or no text is known."""
    solution = _read_solution(inspect.unwrap(reference)) if reference else None
    if solution is None or not before.strip() or not after.strip() or max(len(before), len(after)) > MAX_CHARS:
        return None
    source, wanted = solution.source, _split_words(after)
    if not _is_harmless(before, source):
        return None
    nodes = [node for node in ast.walk(solution.tree) if isinstance(node, ast.expr | ast.keyword)]
    spans = {_find_span(source, node) for node in nodes}
    places = [(first, end) for first, end in spans if _split_words(source[first:end]) == wanted]
    if len(places) != 1:
        return None
    first, end = places[0]
    tree = _parse_function(source[:first] + before + source[end:])
    if tree is None or ast.dump(tree) == ast.dump(solution.tree):
        return None
    blank, text = _fill_blank(solution, first, end, before)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return ReversedEdit(blank, text, tree, frozenset(used - own - vars(builtins).keys()))


def _is_harmless(text: str, source: str) -> bool:
    """Tell whether a student's text has only words of the solution and harmless ones, and no quotes or comments."""
    words = {*_NAME.findall(text)}
    return words <= {*_NAME.findall(source)} | _HARMLESS_WORDS and not any(sign in text for sign in "'\"#`\\")


@lru_cache(maxsize=64)
def _read_solution(reference: Callable[..., Any]) -> _Solution | None:
    try:
        source = textwrap.dedent(inspect.getsource(reference))
    except (OSError, TypeError):
        return None
    tree = _parse_function(source)
    return _Solution(source, tree) if tree is not None else None


def _parse_function(source: str) -> ast.FunctionDef | None:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return body[0] if len(body) == 1 and isinstance(body[0], ast.FunctionDef) else None


def _split_words(code: str) -> list[str]:
    return _WORD.findall(_LAST_AXIS.sub("axis=1", code))


def _find_span(source: str, node: ast.expr | ast.keyword | ast.stmt) -> tuple[int, int]:
    """Return where a node begins and ends, in characters of the source."""
    lines = source.splitlines(keepends=True)

    def count(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return count(node.lineno, node.col_offset), count(node.end_lineno or 0, node.end_col_offset or 0)


def _fill_blank(solution: _Solution, first: int, end: int, before: str) -> tuple[str, str]:
    """Return the name of the blank around a place, and its text with `before` there; two empty texts without one."""
    source, named = solution.source, []
    found = "", ""
    for node in ast.walk(solution.tree):
        if not isinstance(node, ast.Assign | ast.Return) or node.value is None:
            continue
        behind = source[_find_span(source, node)[1] :].split("\n", 1)[0]
        marker = _BLANK.search(behind)
        if marker is None:
            continue
        name = "return" if isinstance(node, ast.Return) else ast.unparse(node.targets[0])
        named.append(name)
        start, stop = _find_span(source, node.value)
        if start <= first and end <= stop and not marker[1]:
            found = name, source[start:first] + before + source[end:stop]
    return found if named.count(found[0]) == 1 and "#" not in found[1] else ("", "")
