"""What was handed out -> a course that can be checked against: its questions have no code, its banks are ready."""

import inspect
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from grader.core.compare.tensors import Tolerance
from grader.core.errors import CourseError
from grader.core.judging.reference_data import Bank, Case, request
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import COMMON
from grader.core.questions.kinds.choice import Choice, Matching
from grader.core.questions.kinds.code_reading import Reading
from grader.core.questions.kinds.rules import drawn, plotted
from grader.core.questions.kinds.text_answer import Prose
from grader.core.questions.question import (
    AnswerCheck,
    AnyCheck,
    Asked,
    Check,
    Kind,
    Mistake,
    Output,
    Question,
    TextCheck,
)
from grader.core.results.rule_result import Judgement
from grader.core.text.language import Catalogue
from grader.core.text.messages import as_phrase, say
from grader.core.wire.job import Action, Limits, Parse, Read, Request, Returned
from grader.course.bundle.format import FOLDER, FORMAT, NAME, said
from grader.course.bundle.portable_values import Node, unpacked

Rule = Callable[[tuple[Returned, ...]], Judgement]


@dataclass(frozen=True)
class Kit:
    """A course without its code, each exercise's bank, and what is looked at only in grading: question -> how many."""

    course: Course
    banks: Mapping[str, Bank]
    left_out: Mapping[str, Mapping[str, int]]


def kit_above(file: Path) -> Path | None:
    """The folder of a release that a file lies in: its own folder, or the nearest above it."""
    return next((folder for folder in file.resolve().parents if (folder / NAME).is_file()), None)


def load_kit(folder: Path) -> Kit:
    """Reads a release. Raises CourseError where it is damaged or of another version of the program."""
    try:
        top = _json(folder / NAME)
        if top["format"] != FORMAT:
            raise CourseError(
                f"{folder / NAME}: it was made by another version of grader: update grader, or get it anew"
            )
        read = {name: _Reader(folder, name, top["modules"]) for name in top["exercises"]}
        course = Course(
            title=top["title"],
            exercises=tuple(one.exercise for one in read.values()),
            folder=folder,
            version=top["version"],
            packages=tuple(top["packages"]),
            language=top["language"],
            written=top["written"],
            translations={code: _catalogue(texts) for code, texts in top["translations"].items()},
        )
    except CourseError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise CourseError(f"{folder / FOLDER} is incomplete or damaged ({said}): get it anew") from error
    return Kit(course, {n: one.bank for n, one in read.items()}, {n: one.left_out for n, one in read.items()})


def _json(file: Path) -> Node:
    return json.loads(file.read_bytes())


def _catalogue(texts: Mapping[str, str]) -> Catalogue:
    return Catalogue({text: (str(words),) for text, words in texts.items()})


class _Reader:
    """One exercise on its way back from data."""

    def __init__(self, folder: Path, name: str, modules: Mapping[str, str]) -> None:
        data = _json(folder / FOLDER / f"{name}.json")
        with np.load(io.BytesIO((folder / FOLDER / f"{name}.npz").read_bytes()), allow_pickle=False) as archive:
            self._arrays: dict[str, np.ndarray[Any, Any]] = dict(archive)
        self._limits = Limits(**data["limits"])
        self._cases: dict[tuple[str, str], tuple[Case, ...]] = {}
        self._asked: dict[tuple[str, str], Asked] = {}
        self._requests: list[Request] = []
        self.left_out = {q["id"]: int(q["left_out"]) for q in data["questions"] if q["left_out"]}
        self.exercise = Exercise(
            name=name,
            title=data["title"],
            questions=tuple(self._question(question) for question in data["questions"]),
            folder=folder,
            limits=self._limits,
            modules=({COMMON: ""} | dict(modules)) if modules else {},
        )
        self.bank = Bank(self._cases, tuple(self._requests), self._asked)

    def _question(self, data: Node) -> Question:
        question = Question(
            id=data["id"],
            kind=Kind(data["kind"]),
            title=data["title"],
            checks=tuple(self._check(data["id"], check) for check in data["checks"]),
            mistakes=tuple(Mistake(**mistake, function=_not_here) for mistake in data["mistakes"]),
            function=data["function"],
            reference=_signed(data["parameters"]) if data["function"] else None,
            judges_in_place=data["judges_in_place"],
            limits=data["limits"],
            variables=tuple(data["variables"]),
        )
        for check in question.checks:
            if isinstance(check, TextCheck):
                continue
            limits = self._limits.with_changes(question.limits).with_changes(check.limits)
            key = question.id, check.name
            if isinstance(check, Check):
                self._requests.append(request(question, check, self._cases[key], limits))
            else:
                self._requests.append(Request(*key, self._asked[key].actions, limits=limits))
        return question

    def _check(self, question: str, data: Node) -> AnyCheck:
        name, says, points = data["name"], said(data["says"]), float(data["points"])
        if prose := data.get("prose"):
            answer = Prose(question, prose["most_lines"], prose["most_words"])
            return TextCheck(name, says, points, answer.length if prose["rule"] == "length" else answer.content)
        if form := data.get("form"):
            asked = _asked(form)
            self._asked[question, name] = asked
            if form["kind"] == "present":
                says, points = say("{says} (Here only whether it is there is looked at.)", says=as_phrase(says)), 0.0
            return AnswerCheck(name, says, points, lambda rng: asked, limits=data["limits"])
        self._cases[question, name] = tuple(self._case(case) for case in data["cases"])
        return Check(
            name=name,
            says=say("{says} (Here only shape and kind of numbers are looked at.)", says=as_phrase(says))
            if data["only_form"]
            else says,
            points=0.0 if data["only_form"] else points,
            inputs=_not_here,
            repeat=len(data["cases"]),
            output=Output(**data["output"] | {"path": tuple(data["output"]["path"])}),
            tolerance=Tolerance(**data["tolerance"]),
            holds=_holds if data["only_form"] else None,
            limits=data["limits"],
            function=data["function"],
            reference=_signed(data["parameters"]),
        )

    def _case(self, data: Node) -> Case:
        mistakes = {name: unpacked(node, self._arrays) for name, node in data["mistakes"].items()}
        args = tuple(unpacked(node, self._arrays) for node in data["args"])
        return Case(args, unpacked(data["expected"], self._arrays), mistakes)


def _asked(form: Node) -> Asked:
    """What is asked of an answer of which only the form is known here."""
    names: list[str] = form["variables"]
    actions: tuple[Action, ...] = tuple(Read(name) for name in names)
    rule: Rule
    match form["kind"]:
        case "choice":
            rule = Choice(names[0], form["options"], frozenset(), form["several"]).form
        case "matching":
            rule = Matching(names[0], form["items"], form["options"], {}).form
        case "reading":
            actions = (Parse(names[0]),)
            rule = Reading(names[0], frozenset(), {}, form["several"]).form
        case "drawing":
            rule = _Looks(names).drawing
        case "curves":
            rule = _Looks(names).curves
        case "present":
            rule = _Looks(names).anything
        case kind:
            raise ValueError(f"unknown form {kind!r}")
    return Asked(actions, rule)


@dataclass(frozen=True)
class _Looks:
    """The form of answers that can be drawn."""

    names: Sequence[str]

    def drawing(self, returned: tuple[Returned, ...]) -> Judgement:
        return drawn(returned[0].value, self.names[0], None)

    def anything(self, returned: tuple[Returned, ...]) -> Judgement:
        return Judgement()

    def curves(self, returned: tuple[Returned, ...]) -> Judgement:
        return plotted([came.value for came in returned], self.names)


def _holds(value: object, *args: object) -> None:
    """The property itself was not handed out."""


def _not_here(*args: object) -> NoReturn:
    raise CourseError("a release has no code of the course")


def _signed(names: Sequence[str]) -> Callable[..., Any]:
    """A function without a body that has these arguments, so that they can be called by their names."""

    def function(*args: object) -> NoReturn:
        _not_here()

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    return function
