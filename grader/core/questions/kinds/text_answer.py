"""Answers in prose: which cell holds one, whether there is one, whether it is short enough. A person marks the rest.

An answer is a markdown cell whose metadata name the question, or whose first line says `question: ID`.
"""

import re
from dataclasses import dataclass
from typing import Final

from grader.core.results.rule_result import Judgement
from grader.core.text.messages import say
from grader.core.wire.submission import Cell, Program

_HOLE: Final = re.compile(r"^[\s>*#-]*_{2,}\s*(?:#.*)?$")
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_PER_WORD: Final = 2  # characters of Chinese or Japanese that count as one word


def marker(question: str) -> re.Pattern[str]:
    """What the first line of an answer says where the metadata are lost: `question: why_half`."""
    return re.compile(rf"\bquestion\s*[:=]\s*[\"'`*_]*{re.escape(question)}\b", re.IGNORECASE)


def answer(program: Program, question: str) -> str:
    """The text that answers a question, without the marker's line and what is left of the blank; empty if none does."""
    found = dict.fromkeys(text for cell in program.cells if (text := _own_text(cell, question)))
    return "\n\n".join(found)


def _own_text(cell: Cell, question: str) -> str:
    if cell.kind != "markdown":
        return ""
    first, _, rest = cell.source.strip().partition("\n")
    marked = question.lower() in first.lower() and marker(question).search(first[:500]) is not None
    if not (marked or cell.question == question):
        return ""
    lines = (rest if marked else cell.source).splitlines()
    return "\n".join(line for line in lines if not _HOLE.match(line)).strip()


def words(text: str) -> int:
    """How many words a text has; two characters of Chinese or Japanese count as one."""
    characters = len(_CJK.findall(text))
    return len(_CJK.sub(" ", text).split()) + -(-characters // _PER_WORD)


@dataclass(frozen=True)
class Prose:
    """An answer in prose to that question: how long it may be."""

    question: str
    most_lines: int
    most_words: int

    def length(self, text: str) -> Judgement:
        """There is an answer, and it is short enough."""
        if not text:
            return self._absent()
        lines = sum(1 for line in text.splitlines() if line.strip())
        if lines > self.most_lines:
            return Judgement(
                0.0, say("Your answer has {n} lines; at most {most} are asked for.", n=lines, most=self.most_lines)
            )
        if (count := words(text)) > self.most_words:
            return Judgement(
                0.0, say("Your answer has {n} words; at most {most} are asked for.", n=count, most=self.most_words)
            )
        return Judgement()

    def content(self, text: str) -> Judgement:
        """A person reads it."""
        return Judgement(0.0, pending=True) if text else self._absent()

    def _absent(self) -> Judgement:
        where = say(
            "No answer yet: write it in place of the `____`, in a markdown cell that belongs to this question, "
            "or whose first line says `question: {question}`.",
            question=self.question,
        )
        return Judgement(0.0, where, attempted=False)
