"""Functions and classes of solution.py with wrong fillings: other text in one or several of their blanks."""

import ast
import builtins
import hashlib
import inspect
import linecache
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from itertools import pairwise
from tokenize import NAME, NUMBER, OP, STRING, generate_tokens
from types import CodeType
from typing import Any, Final

from grader.authoring.blank_parts import BlankPart, find_blank_part, list_blank_parts, normalize_code
from grader.authoring.solution_script import Position, SolutionScript
from grader.core.errors import CourseError
from grader.core.questions.question import Filling
from grader.core.wire.failed_operation import TREE_ATTRIBUTE
from grader.core.wire.play_steps import list_functions

_BLOCK_MARKER: Final = re.compile(r"\s*### (BEGIN|END) SOLUTION\s*")
_BLANK_MARKER: Final = re.compile(r"# blank(-line)?: (?=\S)")
_OPERATORS: Final = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "by",
    "//": "floor_by",
    "%": "mod",
    "**": "power",
    "@": "matmul",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
    "=": "is",
    ":=": "is",
    "+=": "plus_is",
    "-=": "minus_is",
    "*=": "times_is",
    "/=": "by_is",
}
_MAX_SLUG: Final = 60
_PLACED_NODES: Final = (ast.expr, ast.stmt, ast.arg, ast.keyword, ast.excepthandler, ast.alias, ast.pattern)
"""Nodes of a syntax tree that have a line."""


@dataclass(frozen=True)
class _Insertion:
    start: Position
    end: Position
    text: str
    is_right: bool


@dataclass(frozen=True)
class FilledFunction:
    """A solution's function with wrong fillings, and its text as a student would write it."""

    function: Callable[..., Any]
    source: str


class SolutionFunction:
    """A function of solution.py, or class, whose blanks can be filled wrongly.

    Raises CourseError if its text isn't known.
    """

    def __init__(self, reference: Callable[..., Any]) -> None:
        plain = inspect.unwrap(reference)
        function = list_functions(plain)[0] if isinstance(plain, type) else plain
        file = function.__code__.co_filename
        self._reference = reference
        self._globals: dict[str, Any] = function.__globals__
        self._file = file
        self._script = _read_script("".join(linecache.getlines(file)), file)
        node = _find_definition(self._script.tree, plain.__name__, function.__code__.co_firstlineno)
        if node is None:
            raise CourseError(f"the definition of {plain.__name__} is not found in its file")
        self._node = node
        self._first_line = min([self._node.lineno, *(d.lineno for d in self._node.decorator_list)])
        last = self._node.end_lineno or self._node.lineno
        blanks = self._script.find_replacements()
        self._blanks = [one for one in blanks if one.first_line <= last and self._first_line <= one.last_line]
        self._lines = dict(enumerate(self._script.lines))
        for one in self._blanks:
            text, column = self._lines[one.last_line], one.end[1] if one.hides != "block" else 0
            self._lines[one.last_line] = text[:column] + _BLANK_MARKER.sub("# ", text[column:])
        self._parts = [part for blank in self._blanks for part in list_blank_parts(self._script, self._node, blank)]

    def find_filling(self, blank: str, text: str, method: str = "") -> Filling:
        """Return the filling of a blank with this text, in a class perhaps of this method.

        Raises CourseError if the blank isn't found or is ambiguous.
        """
        part, _ = find_blank_part(self._list_parts(method), blank)
        right = part.value_text if part.value and part.hidden != "statement" else part.statement_text
        name = part.names[0] if len(part.names) == 1 else ""
        is_given = bool(name) and part.hidden == "value"
        return Filling(blank, text, name, right, is_given=is_given, method=self._find_method(part))

    def fill(self, fillings: Iterable[Filling]) -> FilledFunction:
        """Return the function with these fillings. Raises CourseError for wrong code, and for the right code."""
        insertions = sorted((self._insert(one) for one in fillings), key=lambda one: one.start)
        for one, following in pairwise(insertions):
            if following.start < one.end:
                raise CourseError("two of the fillings are of the same blank")
        if all(one.is_right for one in insertions):
            raise CourseError("the filling is the right one")
        texts, lines = self._apply(reversed(insertions))
        try:
            tree = ast.parse("\n" * (lines[0] - 1) + join_lines(texts))
        except SyntaxError as error:
            raise CourseError(f"with this filling the function is not valid Python: {error.msg}") from error
        if lines != list(range(lines[0], lines[0] + len(lines))):
            _renumber(tree, [*range(1, lines[0]), *lines])
        return FilledFunction(self.compile_tree(tree), self.strip_markers(texts))

    def strip_markers(self, texts: Iterable[str]) -> str:
        """Return lines as one text, without the markers of blocks."""
        return join_lines(text for text in texts if not _BLOCK_MARKER.fullmatch(text))

    def _list_parts(self, method: str) -> list[BlankPart]:
        """Return the parts of the blanks, or only those of one method of a class."""
        return [part for part in self._parts if not method or self._find_method(part) == method]

    def _find_method(self, part: BlankPart) -> str:
        """Return the name of the method of a class in which a part is; empty in a function."""
        if not isinstance(self._node, ast.ClassDef):
            return ""
        line = part.statement[0][0]
        methods = (one for one in self._node.body if isinstance(one, ast.FunctionDef))
        return next((one.name for one in methods if one.lineno <= line <= (one.end_lineno or line)), "")

    def _insert(self, filling: Filling) -> _Insertion:
        part, is_statement = find_blank_part(self._list_parts(filling.method), filling.blank)
        text = textwrap.dedent(filling.text).strip()
        problem = _find_problem(text, "eval")
        if part.value and part.hidden != "statement" and not is_statement and not problem:
            is_right = normalize_code(text) == part.value_text
            return _Insertion(*part.value, f"({text}\n)" if "\n" in text or "#" in text else text, is_right)
        if part.hidden == "value":
            raise CourseError(f"{filling.text!r} can't fill `{part.label}`, which takes an expression: {problem}")
        if problem := _find_problem(text, "exec"):
            raise CourseError(f"{filling.text!r} can't fill `{part.label}`: {problem}")
        if not _has_effect(text):
            raise CourseError(
                f"{filling.text!r} can't fill `{part.label}`, which takes a statement: write one, or pass"
            )
        (line, column), end = part.statement
        indent = self._script.lines[line][:column]
        indented = text.replace("\n", f"\n{indent if not indent.strip() else ''}")
        return _Insertion((line, column), end, indented, normalize_code(text) == part.statement_text)

    def _apply(self, insertions: Iterable[_Insertion]) -> tuple[list[str], list[int]]:
        """Return the function's lines with the insertions, the last first, and the lines' numbers."""
        last = self._node.end_lineno or self._first_line
        numbers = list(range(self._first_line, last + 1))
        texts = [self._lines[number] for number in numbers]
        for one in insertions:
            first, behind = one.start[0] - self._first_line, one.end[0] - self._first_line
            made = texts[first][: one.start[1]] + one.text + texts[behind][one.end[1] :]
            new = made.split("\n")
            texts[first : behind + 1] = new
            numbers[first : behind + 1] = [min(one.start[0] + more, one.end[0]) for more in range(len(new))]
        return texts, numbers

    def compile_tree(self, tree: ast.Module) -> Callable[..., Any]:
        """Return the function of this text with the solution's global names. Raises CourseError for unknown ones."""
        namespace = dict(self._globals)
        known = namespace.keys() | vars(builtins).keys()
        try:
            code = compile(tree, self._file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise CourseError(f"with this filling the function is not valid Python: {error}") from error
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        known |= (
            {"__class__"} | _collect_local_names(code) | {node.id for node in names if isinstance(node.ctx, ast.Store)}
        )
        if unknown := [node.id for node in names if node.id not in known]:
            raise CourseError(f"the filling uses {unknown[0]}, which solution.py doesn't have")
        exec(code, namespace)
        function: Callable[..., Any] = namespace[self._reference.__name__]
        setattr(function, TREE_ATTRIBUTE, tree)
        return function


def make_slug(fillings: Mapping[str, str]) -> str:
    """Return a name for wrong fillings, the same for the same code: `{"delta2": "y - d"}` gives `delta2_y_minus_d`."""
    words = [word for blank, text in fillings.items() for code in (blank, text) for word in _list_words(code)]
    slug = "_".join(words)
    if len(slug) <= _MAX_SLUG:
        return slug
    digest = hashlib.sha256("\n".join(f"{blank}={text}" for blank, text in fillings.items()).encode())
    return f"{slug[: _MAX_SLUG - 7].rstrip('_')}_{digest.hexdigest()[:6]}"


def _list_words(code: str) -> Iterator[str]:
    try:
        tokens = list(generate_tokens(StringIO(code).readline))
    except (SyntaxError, ValueError):
        tokens = []
    for token in tokens:
        if token.type == OP:
            yield from filter(None, [_OPERATORS.get(token.string, "")])
        elif token.type in (NAME, NUMBER, STRING) and token.string != "np":
            yield from re.findall(r"\w+", token.string)


@lru_cache(maxsize=16)
def _read_script(text: str, file: str) -> SolutionScript:
    return SolutionScript(text, file)


def join_lines(lines: Iterable[str]) -> str:
    """Return lines as one text without their common indentation."""
    return textwrap.dedent("\n".join(lines))


def _renumber(tree: ast.Module, lines: list[int]) -> None:
    """Set the lines of all nodes to these, by their present line from 1, so that errors name the author's line."""
    for node in ast.walk(tree):
        if isinstance(node, _PLACED_NODES):
            node.lineno, node.end_lineno = lines[node.lineno - 1], lines[(node.end_lineno or node.lineno) - 1]
            node.end_col_offset = max(node.col_offset, node.end_col_offset or 0)


def _find_definition(tree: ast.Module, name: str, line: int) -> ast.FunctionDef | ast.ClassDef | None:
    """Return the definition of a function that begins, with its decorators, at a line, or of a class around it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name and node.lineno <= line <= (node.end_lineno or 0):
            return node
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == line:
                return node
    return None


def _find_problem(text: str, mode: str) -> str:
    """Say why a text is no expression (`eval`) or no statements (`exec`); empty if it is."""
    try:
        tree = compile(text, "", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(getattr(error, "msg", error))
    return "" if getattr(tree, "body", None) else "it is empty"


def _has_effect(text: str) -> bool:
    """Tell whether statements do anything: an expression without a call doesn't."""
    acting = (ast.Call, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)
    return any(
        not isinstance(statement, ast.Expr) or any(isinstance(node, acting) for node in ast.walk(statement))
        for statement in ast.parse(text).body
    )


def _collect_local_names(code: CodeType) -> set[str]:
    """Return the names of the parameters and local variables in code, and in the functions within it."""
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return {*code.co_varnames, *code.co_cellvars}.union(*map(_collect_local_names, inner))
