"""Runs a job's cells in one namespace, as a notebook server would. Student code is compiled here and nowhere else."""

import __future__

import ast
import builtins
from collections.abc import Collection, Mapping
from typing import Any, Final

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText
from grader.sandbox.inside import magics, substitute_tensors, tracebacks
from grader.sandbox.inside.answered_calls import AnsweredCalls, AskGrader
from grader.sandbox.inside.available_items import assign_available_items
from grader.sandbox.inside.blanks import BLANK, BlankDetectingBuiltins, find_blank_names
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.event_loop import CellLoop
from grader.sandbox.inside.function_source import find_text, parse_function
from grader.sandbox.inside.partial_parse import parse_partially
from grader.sandbox.inside.submitted_modules import AnswerNames, SubmittedModules
from grader.sandbox.inside.written_modules import WrittenModuleFinder

_FUTURE: Final = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_ASSIGNMENTS: Final = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_CATCH_IMPORTS: Final = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class CellRunner:
    """The namespace that the cells leave behind, and facts learnt from their text.

    `statement_by_statement` is set for a script: its top-level statements run one by one, so that a statement that
    raises or doesn't parse doesn't stop the next one. In a notebook's cell only an unfilled blank and an assignment
    that raises are skipped in this way, so that a wrong answer costs no other answer.
    """

    def __init__(self, namespace: dict[str, Any], remarks: CellNotes, ask: AskGrader | None = None) -> None:
        self.namespace: Mapping[str, Any] = namespace
        """The names in which answers are looked up: those of the cells, and those of modules that were handed in."""
        self.globals = namespace
        """The names that the cells leave behind."""
        self._answered_calls = AnsweredCalls(namespace, ask) if ask else None
        self.statement_by_statement = False
        self.blanks: set[str] = set()
        """Names to which nothing but a `____` was assigned."""
        self.optional: set[tuple[str, int]] = set()
        """Files and lines of imports that the code is ready to see fail."""
        self._remarks = remarks
        self._nested = 0
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._loop = CellLoop()
        self.written_modules = WrittenModuleFinder(namespace)
        self._builtins: BlankDetectingBuiltins | None = None
        self._targets: substitute_tensors.FunctionTargets = {}
        self._substitutes = substitute_tensors.SubstituteTensors("", {})
        self._modules: SubmittedModules | None = None

    def supply_modules(
        self, sources: Mapping[str, str], files_by_name: Mapping[str, str], given: Collection[str]
    ) -> SubmittedModules:
        """Return the importer of modules that were handed in, by path, in which answers are looked up from now on."""
        self._modules = SubmittedModules(sources, self._run_module, self._remarks, given)
        self.namespace = AnswerNames(self.globals, self._modules.namespaces, files_by_name)
        if self._answered_calls:
            self._answered_calls.modules = self._modules.namespaces.values()
        return self._modules

    def _run_module(self, path: str, source: str, namespace: dict[str, Any]) -> BaseException | None:
        """Run a module's statements one by one, and return the first exception."""
        runner = CellRunner(namespace, self._remarks)
        runner.statement_by_statement = True
        runner.blanks, runner.optional, runner._targets = self.blanks, self.optional, self._targets
        namespace["__builtins__"] = self.globals.get("__builtins__", builtins)
        runner.set_substitutes(self._substitutes)
        return runner.run(path, source)

    def _list_module_namespaces(self) -> Collection[dict[str, Any]]:
        return self._modules.namespaces.values() if self._modules else ()

    def enable_substitution(self, targets: substitute_tensors.FunctionTargets) -> None:
        """From now on replace these functions' targets by given tensors during a call."""
        self._targets = targets
        self.set_substitutes({})

    def set_substitutes(self, tensors: Mapping[str, Any]) -> None:
        """Set the tensors that replace targets in the next calls."""
        if self._targets:
            for namespace in (self.globals, *self._list_module_namespaces()):
                namespace[substitute_tensors.SUBSTITUTES_NAME] = tensors

    def watch_blanks(self) -> None:
        """From now on record every use of a `____`, even if the code swallows the exception."""
        self._builtins = self.globals["__builtins__"] = BlankDetectingBuiltins(vars(builtins))

    def begin_request(self) -> None:
        """Allow the queries of another request."""
        if self._answered_calls:
            self._answered_calls.begin_request()

    @property
    def is_edited(self) -> bool:
        """Return False: the functions are those of the cells."""
        return False

    def begin_call(self, function: str, set_right: Mapping[str, Any], answered: Collection[str] = ()) -> None:
        """Forget the blank that was used. Until the call ends, replace these targets of the function by tensors.

        Meanwhile the grader is asked about calls of the `answered` functions.
        """
        if self._builtins:
            self._builtins.first_blank = None
        self._substitutes = substitute_tensors.SubstituteTensors(function, set_right)
        self.set_substitutes(self._substitutes)
        if self._answered_calls and answered:
            self._answered_calls.begin(answered)

    def end_call(self) -> list[str]:
        """Replace no target any more, and ask about no call; return the labels of the targets that were replaced."""
        if self._answered_calls:
            self._answered_calls.end()
        self.set_substitutes({})
        return list(self._substitutes.used_labels)

    def parse_function(self, function: object) -> Function | None:
        """Return the syntax tree of a function; None if its text can't be found."""
        return parse_function(function)

    def find_text(self, function: object) -> FunctionText | None:
        """Return the text of a function; None if it can't be found."""
        return find_text(function)

    def describe_met_blank(self) -> dict[str, Any] | None:
        """Return the first blank that was used since the call began."""
        place = self._builtins.first_blank if self._builtins else None
        return tracebacks.describe_blank(place) if place else None

    def describe_exception(self, error: BaseException) -> dict[str, Any]:
        """Return an exception as a value, with the line of a cell that raised it."""
        return tracebacks.describe_exception(error)

    def run(self, label: str, source: str) -> BaseException | None:
        """Run a cell and return the exception that it raised: the first one, if the cell went on after it."""
        tracebacks.register_source(label, source)
        try:
            return self._run(source, tracebacks.make_cell_filename(label))
        except BaseException as error:  # from compilation: a syntax error, nested too deeply, too large
            return error

    def run_magic(self, name: str, line: str, body: str | None) -> None:
        """Run the code of a magic in an exported cell; a line magic has no body. Raises the exception of that code."""
        source = f"%{name} {line}" if body is None else f"%%{name} {line}\n{body}"
        if body is None and name not in magics.CODE_MAGICS:
            return
        self._nested += 1
        if (raised := self.run(f"%%{name} {self._nested}", source)) is not None:
            raise raised

    def _run(self, source: str, name: str) -> BaseException | None:
        tree: ast.Module | None = None
        first: BaseException | None = None
        try:
            tree = self._parse(source, name) if self._targets else None
            code = self._compile(tree or source, name)
        except SyntaxError:
            tree, first = self._repair(source, name)
            substitute_tensors.substitute(tree, self._targets)
            code = self._compile(tree, name)
        if BLANK in source or "try:" in source:
            tree = tree or self._parse(source, name)
            self.blanks |= find_blank_names(tree)
            self.optional |= {(name, line) for line in _find_optional_imports(tree)}
        while (raised := self._execute(code)) is not None:
            first = first or raised
            tree = tree or self._parse(source, name)
            failed, tree.body = _split_at_failure(raised, tree.body, name)
            if not tracebacks.is_blank(raised):
                assign_available_items(failed, self.globals, self.blanks)
            is_skipped = tracebacks.is_blank(raised) or self._costs_only_itself(failed, raised)
            if not (self.statement_by_statement or is_skipped):
                break
            code = self._compile(tree, name)
        return first

    def _costs_only_itself(self, failed: ast.stmt | None, raised: BaseException) -> bool:
        """Tell whether a statement is an assignment that raised because it is wrong.

        One that exceeds a limit stops its cell, and so does one that needs a blank, which wasn't attempted.
        """
        needs_blank = isinstance(raised, NameError) and getattr(raised, "name", None) in self.blanks
        is_wrong = isinstance(raised, Exception) and not isinstance(raised, MemoryError)
        return isinstance(failed, _ASSIGNMENTS) and is_wrong and not needs_blank

    def _compile(self, source: str | ast.Module, name: str) -> Any:
        """Compile under the `from __future__` imports of earlier cells too."""
        code = compile(source, name, "exec", self._flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURE
        return code

    def _parse(self, source: str, name: str) -> ast.Module:
        tree = ast.parse(source, name)
        substitute_tensors.substitute(tree, self._targets)
        return tree

    def _execute(self, code: Any) -> BaseException | None:
        try:
            awaited = eval(code, self.globals)
            if awaited is not None:  # the code awaits something at its top level
                self._loop.run(awaited)
        except BaseException as error:
            return error
        return None

    def _repair(self, source: str, name: str) -> tuple[ast.Module, SyntaxError | None]:
        """Return the part of a cell that compiles, and the remaining error. Raises SyntaxError if no part does."""

        def parse(text: str) -> ast.Module:
            tree = ast.parse(text, name)
            self._compile(tree, name)  # some syntax errors appear only in this step
            return tree

        if (module := magics.find_written_module(source)) is not None:
            self.written_modules.write(module)
            return ast.Module([], []), None
        try:
            tree, found = magics.parse_without_magics(source, parse)
        except magics.NotPython as problem:
            if not self.statement_by_statement:
                raise problem.error from None
            return parse_partially(problem.source, name), problem.error
        for magic in (one for one in found if not magics.IS_RELOADING.match(one)):
            self._remarks.add(f"`{magic[:60]}` was not run: it is a command of the notebook server.")
        return tree, None


def _split_at_failure(raised: BaseException, body: list[ast.stmt], name: str) -> tuple[ast.stmt | None, list[ast.stmt]]:
    """Return the statement that raised, and those after it; nothing if its place is unknown."""
    place = tracebacks.locate_in_module(raised, name)
    if place is None:
        return None, []
    begun = [i for i, statement in enumerate(body) if _find_start(statement) <= place]
    return (body[begun[-1]], body[begun[-1] + 1 :]) if begun else (None, [])


def _find_start(statement: ast.stmt) -> tuple[int, int]:
    """Return the line and column of a statement, or of its first decorator."""
    nodes = [statement, *getattr(statement, "decorator_list", [])]
    return min((node.lineno, node.col_offset) for node in nodes)


def _find_optional_imports(tree: ast.Module) -> list[int]:
    """Return the lines of imports inside a `try` that catches their failure."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Try) or not any(_catches_imports(handler.type) for handler in node.handlers):
            continue
        within = (inner for statement in node.body for inner in ast.walk(statement))
        lines += [inner.lineno for inner in within if isinstance(inner, ast.Import | ast.ImportFrom)]
    return lines


def _catches_imports(kind: ast.expr | None) -> bool:
    return kind is None or any(isinstance(n, ast.Name) and n.id in _CATCH_IMPORTS for n in ast.walk(kind))
