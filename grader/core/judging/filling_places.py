"""Find the line of a student's code that fills a blank wrongly, by text: the code is never parsed here.

A line is found if it is the only one in the function that assigns what the blank's line assigns, or the only one that
returns. No line is named that may well be right: one with the solution's text, or one whose output passes its checks.
Neither is one that assigns a name which stands for another output in the student's code.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from grader.core.questions.question import Filling, Mistake, Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import CodePlace, Explanation, KnownMistake
from grader.core.results.verdict import Verdict
from grader.core.wire.edits.edit import split_lines
from grader.core.wire.submission import Cell, ParsedSubmission

_STRINGS_AND_COMMENTS: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\\?\Z)'
    r"|'''(?:[^\\]|\\.)*?(?:'''|\\?\Z)"
    r'|"(?:[^"\\\n]|\\.)*"?'
    r"|'(?:[^'\\\n]|\\.)*'?"
    r"|#[^\n]*",
    re.DOTALL,
)
_TOKENS: Final = re.compile(r"\w+|'[^']*'|\S")
_BEGINNING: Final = r"(?:^|[:;])\s*"
_QUOTE: Final = "['\"]"
_EQUALS: Final = r"\s*(?::[^=:;]{1,80})?(?:\*\*|//|<<|>>|[-+*/%@&|^])?=(?!=)"


def add_filling_places(question: Question, result: QuestionResult, program: ParsedSubmission) -> QuestionResult:
    """Return the result with the lines of known mistakes that are wrong fillings of blanks."""
    mistakes = {mistake.name: mistake for mistake in question.mistakes if mistake.fillings}
    if not any(_is_filling(one, mistakes) for check in result.checks for one in check.explanations):
        return result
    right = _list_right_outputs(result.checks) | _list_names_of_others(result.checks)
    checks = []
    for check in result.checks:
        explanations = []
        for one in check.explanations:
            if isinstance(one, KnownMistake) and _is_filling(one, mistakes):
                mistake = mistakes[one.name]
                wrong = [f for f in _list_suspects(mistake, check.output) if f.name and f.name not in right]
                function = mistake.of or question.function
                places = [find_blank_line(filling, function, program.cells) for filling in wrong]
                one = replace(one, place=places[0]) if places else one
            explanations.append(one)
        checks.append(replace(check, explanations=tuple(explanations)))
    return replace(result, checks=tuple(checks))


def find_blank_line(filling: Filling, function: str, cells: Iterable[Cell]) -> CodePlace | None:
    """Return the only line of a function that assigns a blank's name, or returns; None if its text is right.

    The line may be in a class, perhaps in the method that the filling names.
    """
    pattern = _build_pattern(filling.name)
    found = []
    definitions = 0
    for cell in cells:
        statements = list(_list_statements(cell.source)) if cell.kind != "markdown" else []
        blocks = _find_blocks(statements, function)
        if filling.method:
            blocks = [inner for block in blocks for inner in _find_blocks(block, filling.method)]
        definitions += len(blocks)
        lines = [(line, text) for block in blocks for line, text in block]
        found += [
            (CodePlace(cell.label, line), text, one.end()) for line, text in lines for one in pattern.finditer(text)
        ]
    if len(found) != 1 or definitions != 1:
        return None
    place, text, end = found[0]
    return None if filling.right and _compact(text[end:]) == _compact(filling.right) else place


def _find_blocks(statements: Iterable[tuple[int, str]], name: str) -> list[list[tuple[int, str]]]:
    """Return the statements within each definition of a function or class of this name."""
    start = re.compile(rf"\s*(?:(?:async\s+)?def\s+{re.escape(name)}\s*\(|class\s+{re.escape(name)}\b)")
    blocks: list[list[tuple[int, str]]] = []
    indent = None
    for line, text in statements:
        own = len(text) - len(text.lstrip())
        if indent is not None and own <= indent:
            indent = None
        if start.match(text):
            blocks.append([])
            indent = own
        elif indent is not None:
            blocks[-1].append((line, text))
    return blocks


def _is_filling(one: Explanation, mistakes: dict[str, Mistake]) -> bool:
    return isinstance(one, KnownMistake) and one.place is None and one.name in mistakes


def _list_suspects(mistake: Mistake, output: str) -> tuple[Filling, ...]:
    """Return the filling of a mistake that made an output wrong: of several, the one that assigns it."""
    if len(mistake.fillings) == 1:
        return mistake.fillings
    return tuple(filling for filling in mistake.fillings if filling.name == output)


def _list_right_outputs(checks: Iterable[CheckResult]) -> frozenset[str]:
    """Return the labels of the outputs all of whose checks passed."""
    verdicts: dict[str, set[Verdict]] = {}
    for check in checks:
        verdicts.setdefault(check.output, set()).add(check.verdict)
    return frozenset(output for output, found in verdicts.items() if output and found == {Verdict.PASSED})


def _list_names_of_others(checks: Iterable[CheckResult]) -> frozenset[str]:
    """Return the names that stand for another output in the student's code: that one was found under them."""
    return frozenset(remark.detail for check in checks for remark in check.remarks if remark.kind == "found_as")


def _list_statements(source: str) -> Iterator[tuple[int, str]]:
    """Yield the statements of a cell, each on one line, without comments and long strings; lines count from 1."""
    code = "".join(split_lines(source))
    shown = _STRINGS_AND_COMMENTS.sub(_hide_prose, code).split("\n")
    bare = _STRINGS_AND_COMMENTS.sub(_hide, code).split("\n")
    depth, begun, texts = 0, 0, list[str]()
    for number, (text, plain) in enumerate(zip(shown, bare, strict=True), 1):
        if not texts:
            begun = number
        texts.append(text.removesuffix("\\"))
        depth = max(0, depth + sum(map(plain.count, "([{")) - sum(map(plain.count, ")]}")))
        if depth == 0 and not plain.endswith("\\"):
            joined = " ".join(texts).expandtabs()
            if joined.strip():
                yield begun, joined
            texts = []


def _hide(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _hide_prose(match: re.Match[str]) -> str:
    return _hide(match) if match[0].startswith(("#", '"""', "'''")) else match[0]


def _build_pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of a statement's beginning that assigns a name, also in a loop's head, or that returns."""
    if name == "return":
        return re.compile(_BEGINNING + r"return\b")
    tokens = _TOKENS.findall(name)
    parts = (f"{_QUOTE}{re.escape(t[1:-1])}{_QUOTE}" if t.startswith("'") else re.escape(t) for t in tokens)
    target = r"\s*".join(parts)
    return re.compile(rf"{_BEGINNING}(?:{target}{_EQUALS}|for\s+{target}\s+in\b)")


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).replace('"', "'")
