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
from grader.core.judging.reference_data import Case, ReferenceData, build_request
from grader.core.questions.checks import AnswerCheck, AnyCheck, Check, Output, Probe, TextCheck
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import HELPER_PACKAGE
from grader.core.questions.kinds.choice import ChoiceRule, MatchingRule
from grader.core.questions.kinds.code_reading import CodeReadingRule
from grader.core.questions.kinds.rules import check_curves_form, check_drawing_form
from grader.core.questions.kinds.text_answer import TextAnswerRule
from grader.core.questions.question import Kind, Mistake, Question
from grader.core.results.rule_result import RuleResult
from grader.core.text.language import Catalogue
from grader.core.text.messages import as_message, gettext
from grader.core.wire.job import Action, ActionResult, Limits, Parse, Read, Request
from grader.course.bundle.format import CHECKS_FOLDER, FORMAT_VERSION, MANIFEST_PATH, load_message
from grader.course.bundle.portable_values import JsonNode, unpack_value

BundleRule = Callable[[tuple[ActionResult, ...]], RuleResult]


@dataclass(frozen=True)
class Bundle:
    """A course without its code, each exercise's bank, and what is looked at only in grading: question -> how many."""

    course: Course
    reference_data: Mapping[str, ReferenceData]
    left_out: Mapping[str, Mapping[str, int]]


def find_bundle_folder(file: Path) -> Path | None:
    """The folder of a release that a file lies in: its own folder, or the nearest above it."""
    return next((folder for folder in file.resolve().parents if (folder / MANIFEST_PATH).is_file()), None)


def load_bundle(folder: Path) -> Bundle:
    """Reads a release. Raises CourseError where it is damaged or of another version of the program."""
    try:
        top = _json(folder / MANIFEST_PATH)
        if top["format"] != FORMAT_VERSION:
            raise CourseError(
                f"{folder / MANIFEST_PATH}: it was made by another version of grader: update grader, or get it anew"
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
        raise CourseError(f"{folder / CHECKS_FOLDER} is incomplete or damaged ({said}): get it anew") from error
    return Bundle(course, {n: one.bank for n, one in read.items()}, {n: one.left_out for n, one in read.items()})


def _json(file: Path) -> JsonNode:
    return json.loads(file.read_bytes())


def _catalogue(texts: Mapping[str, str]) -> Catalogue:
    return Catalogue({text: (str(words),) for text, words in texts.items()})


class _Reader:
    """One exercise on its way back from data."""

    def __init__(self, folder: Path, name: str, modules: Mapping[str, str]) -> None:
        data = _json(folder / CHECKS_FOLDER / f"{name}.json")
        with np.load(io.BytesIO((folder / CHECKS_FOLDER / f"{name}.npz").read_bytes()), allow_pickle=False) as archive:
            self._arrays: dict[str, np.ndarray[Any, Any]] = dict(archive)
        self._limits = Limits(**data["limits"])
        self._cases: dict[tuple[str, str], tuple[Case, ...]] = {}
        self._probes: dict[tuple[str, str], Probe] = {}
        self._requests: list[Request] = []
        self.left_out = {q["id"]: int(q["left_out"]) for q in data["questions"] if q["left_out"]}
        self.exercise = Exercise(
            name=name,
            title=data["title"],
            questions=tuple(self._question(question) for question in data["questions"]),
            folder=folder,
            limits=self._limits,
            modules=({HELPER_PACKAGE: ""} | dict(modules)) if modules else {},
        )
        self.bank = ReferenceData(self._cases, tuple(self._requests), self._probes)

    def _question(self, data: JsonNode) -> Question:
        question = Question(
            id=data["id"],
            kind=Kind(data["kind"]),
            title=data["title"],
            checks=tuple(self._check(data["id"], check) for check in data["checks"]),
            mistakes=tuple(Mistake(**mistake, function=_raise_no_course_code) for mistake in data["mistakes"]),
            function=data["function"],
            reference=_stub_function(data["parameters"]) if data["function"] else None,
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
                self._requests.append(build_request(question, check, self._cases[key], limits))
            else:
                self._requests.append(Request(*key, self._probes[key].actions, limits=limits))
        return question

    def _check(self, question: str, data: JsonNode) -> AnyCheck:
        name, says, points = data["name"], load_message(data["says"]), float(data["points"])
        if prose := data.get("prose"):
            answer = TextAnswerRule(question, prose["most_lines"], prose["most_words"])
            return TextCheck(
                name, says, points, answer.check_length if prose["rule"] == "length" else answer.check_content
            )
        if form := data.get("form"):
            asked = _make_probe(form)
            self._probes[question, name] = asked
            if form["kind"] == "present":
                says, points = (
                    gettext("{says} (Here only whether it is there is looked at.)", says=as_message(says)),
                    0.0,
                )
            return AnswerCheck(name, says, points, lambda rng: asked, limits=data["limits"])
        self._cases[question, name] = tuple(self._case(case) for case in data["cases"])
        return Check(
            name=name,
            says=gettext("{says} (Here only shape and kind of numbers are looked at.)", says=as_message(says))
            if data["only_form"]
            else says,
            points=0.0 if data["only_form"] else points,
            inputs=_raise_no_course_code,
            repeat=len(data["cases"]),
            output=Output(**data["output"] | {"path": tuple(data["output"]["path"])}),
            tolerance=Tolerance(**data["tolerance"]),
            holds=_unknown_property if data["only_form"] else None,
            limits=data["limits"],
            function=data["function"],
            reference=_stub_function(data["parameters"]),
        )

    def _case(self, data: JsonNode) -> Case:
        mistakes = {name: unpack_value(node, self._arrays) for name, node in data["mistakes"].items()}
        args = tuple(unpack_value(node, self._arrays) for node in data["args"])
        return Case(args, unpack_value(data["expected"], self._arrays), mistakes)


def _make_probe(form: JsonNode) -> Probe:
    """What is asked of an answer of which only the form is known here."""
    names: list[str] = form["variables"]
    actions: tuple[Action, ...] = tuple(Read(name) for name in names)
    rule: BundleRule
    match form["kind"]:
        case "choice":
            rule = ChoiceRule(names[0], form["options"], frozenset(), form["several"]).check_form
        case "matching":
            rule = MatchingRule(names[0], form["items"], form["options"], {}).check_form
        case "reading":
            actions = (Parse(names[0]),)
            rule = CodeReadingRule(names[0], frozenset(), {}, form["several"]).check_form
        case "drawing":
            rule = _FormRules(names).drawing
        case "curves":
            rule = _FormRules(names).curves
        case "present":
            rule = _FormRules(names).anything
        case kind:
            raise ValueError(f"unknown form {kind!r}")
    return Probe(actions, rule)


@dataclass(frozen=True)
class _FormRules:
    """The form of answers that can be drawn."""

    names: Sequence[str]

    def drawing(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        return check_drawing_form(returned[0].value, self.names[0], None)

    def anything(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        return RuleResult()

    def curves(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        return check_curves_form([came.value for came in returned], self.names)


def _unknown_property(value: object, *args: object) -> None:
    """The property itself was not handed out."""


def _raise_no_course_code(*args: object) -> NoReturn:
    raise CourseError("a release has no code of the course")


def _stub_function(names: Sequence[str]) -> Callable[..., Any]:
    """A function without a body that has these arguments, so that they can be called by their names."""

    def function(*args: object) -> NoReturn:
        _raise_no_course_code()

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    return function
