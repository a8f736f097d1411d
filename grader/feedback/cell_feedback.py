"""Feedback on questions in a notebook's cell: HTML in Jupyter, text elsewhere; both say what `grader check` says."""

import html
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from grader.core.report.question_summary import (
    STATE_SIGNS,
    format_question_points,
    group_by_message,
    list_hints,
    list_line_explanations,
    list_remarks,
)
from grader.core.report.report import QuestionReport
from grader.core.text.language import ENGLISH, Language

MAX_SHOWN: Final = 1000
"""Characters of one sentence that are shown."""
_COLOURS: Final = {
    "right": "#1a7f37",
    "partly": "#9a6700",
    "wrong": "#cf222e",
    "not_attempted": "inherit",
    "pending": "#0969da",
}
_BOX: Final = "text-align: left; max-width: 60em; overflow-wrap: anywhere; white-space: normal; line-height: 1.5"
_CODE: Final = re.compile(r"`([^`\n]+)`")


class CellFeedback:
    """The feedback on one or several questions, in one language."""

    def __init__(self, questions: tuple[QuestionReport, ...], language: Language = ENGLISH) -> None:
        self.questions, self.language = questions, language
        self._shown_in: object = None

    @property
    def question(self) -> QuestionReport:
        """The first question; the only one, unless every question was checked."""
        return self.questions[0]

    def __repr__(self) -> str:
        return "\n".join(line for question in self.questions for line in self._text_lines(question))

    def _repr_html_(self) -> str:
        parts = "".join(self._render(question) for question in self.questions)
        return f'<div lang="{html.escape(self.language.code)}" style="{_BOX}">{parts}</div>'

    def show(self) -> None:
        """Show the feedback now, so that every check in a cell is seen and not only the last one.

        A plain script prints it; Python's own prompt shows what a call returns.
        """
        if (shell := _find_shell()) is not None:
            self._shown_in = shell.execution_count
            _display(self._repr_html_(), repr(self))
        elif not hasattr(sys, "ps1"):
            print(self)

    def _ipython_display_(self) -> None:
        """Show nothing as the output of the cell in which it was shown already."""
        shell = _find_shell()
        if shell is None or shell.execution_count != self._shown_in:
            _display(self._repr_html_(), repr(self))

    def _text_lines(self, question: QuestionReport) -> Iterator[str]:
        points = format_question_points(question, self.language)
        yield f"{STATE_SIGNS[question.state]} {question.id}  {points}".rstrip()
        for message, checks in group_by_message(question).items():
            yield from (f"    {_cut(check.says)}" for check in checks)
            yield f"    → {_cut(message)}"
        for one in list_line_explanations(question):
            if one.code:
                yield f"    {one.line} | {_cut(one.code)}"
            yield f"    {_cut(one.text)}"
        yield from (f"    {_cut(text)}" for text in (*list_remarks(question, self.language), *list_hints(question)))

    def _render(self, question: QuestionReport) -> str:
        sign = f'<span style="color: {_COLOURS[question.state]}">{STATE_SIGNS[question.state]}</span>'
        points = html.escape(format_question_points(question, self.language))
        title = f"<div>{sign} <b>{html.escape(question.id)}</b> &nbsp;{points}</div>"
        groups = "".join(
            _paragraph([*(_inline(check.says) for check in checks), f"→ {_inline(message)}"])
            for message, checks in group_by_message(question).items()
        )
        explanations = "".join(
            _paragraph(
                [*([f"{one.line} | <code>{html.escape(_cut(one.code))}</code>"] if one.code else []), _inline(one.text)]
            )
            for one in list_line_explanations(question)
        )
        remarks = "".join(
            _paragraph([_inline(text)], "opacity: 0.75") for text in list_remarks(question, self.language)
        )
        hints = "".join(_paragraph([f"<b>{_inline(hint)}</b>"]) for hint in list_hints(question))
        return f'<div style="margin: 0.3em 0">{title}{groups}{explanations}{remarks}{hints}</div>'


def _find_shell() -> Any:
    """Return the running IPython shell, or None in a plain script."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def _display(markup: str, text: str) -> None:
    sys.modules["IPython"].display.display({"text/html": markup, "text/plain": text}, raw=True)


def _paragraph(lines: Iterable[str], style: str = "") -> str:
    return f'<div style="margin: 0.2em 0 0.2em 1.6em; {style}">{"<br>".join(lines)}</div>'


def _inline(text: str) -> str:
    """Return a sentence as HTML, with what stands between backquotes as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(_cut(text)))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
