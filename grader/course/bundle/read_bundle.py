"""Read a release as a course that can be checked against: without code, but with its reference data."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from grader.core.errors import CourseError, describe_cause
from grader.core.judging.reference_data import Case, ReferenceData, Trace, build_request
from grader.core.questions.checks import AnswerCheck, AnyCheck, Check, Probe, TextCheck
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import HELPER_PACKAGE
from grader.core.questions.kinds.kind import CheckImport, QuestionKind
from grader.core.questions.kinds.registry import get_kind
from grader.core.questions.question import Filling, Mistake, Question
from grader.core.questions.stubs import make_stub_function, raise_no_course_code
from grader.core.results.disclosure import FeedbackRules
from grader.core.text.language import Catalogue
from grader.core.wire.data_file import DataFile
from grader.core.wire.job import Limits, Request
from grader.course.bundle.feedback_rules import load_feedback_rules
from grader.course.bundle.format import CHECKS_FOLDER, FORMAT_VERSION, MANIFEST_PATH, load_message
from grader.course.bundle.portable_values import JsonNode, unpack_value
from grader.course.data_files import DATA_FOLDER


@dataclass(frozen=True)
class Bundle:
    """A course without its code, each exercise's reference data, and per question the number of checks left out."""

    course: Course
    reference_data: Mapping[str, ReferenceData]
    left_out: Mapping[str, Mapping[str, int]]


def find_bundle_folder(file: Path) -> Path | None:
    """Return the folder of the release that contains a file: the file's own folder, or the nearest one above it."""
    return next((folder for folder in file.resolve().parents if (folder / MANIFEST_PATH).is_file()), None)


def load_bundle(folder: Path) -> Bundle:
    """Read a release. Raises CourseError if it is damaged or from another version of the program."""
    try:
        top = _json(folder / MANIFEST_PATH)
        if top["format"] != FORMAT_VERSION:
            raise CourseError(
                f"{folder / MANIFEST_PATH}: another version of grader made this file: update grader, or download "
                "the files again"
            )
        read = {name: _Reader(folder, name, top["modules"]) for name in top["exercises"]}
        course = Course(
            title=top["title"],
            exercises=tuple(one.exercise for one in read.values()),
            folder=folder,
            version=top["version"],
            packages=tuple(top["packages"]),
            language=top["language"],
            source_language=top["written"],
            translations={code: _catalogue(texts) for code, texts in top["translations"].items()},
        )
    except CourseError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        said = f"{type(error).__name__}: {describe_cause(error)[:200]}"
        raise CourseError(
            f"{folder / CHECKS_FOLDER} is incomplete or damaged ({said}): download the files again"
        ) from error
    return Bundle(course, {n: one.bank for n, one in read.items()}, {n: one.left_out for n, one in read.items()})


def _json(file: Path) -> JsonNode:
    return json.loads(file.read_bytes())


def _catalogue(texts: Mapping[str, str]) -> Catalogue:
    return Catalogue({text: (str(words),) for text, words in texts.items()}, is_of_course=True)


class _Reader:
    """Build one exercise from a release's data."""

    def __init__(self, folder: Path, name: str, modules: Mapping[str, str]) -> None:
        data = _json(folder / CHECKS_FOLDER / f"{name}.json")
        with np.load(io.BytesIO((folder / CHECKS_FOLDER / f"{name}.npz").read_bytes()), allow_pickle=False) as archive:
            self._arrays: dict[str, np.ndarray[Any, Any]] = dict(archive)
        self._limits = Limits().with_changes(data["limits"])
        self._cases: dict[tuple[str, str], tuple[Case, ...]] = {}
        self._probes: dict[tuple[str, str], Probe] = {}
        self._confirmation: dict[tuple[str, str], tuple[Case, ...]] = {}
        self._traces: dict[tuple[str, str], tuple[Trace, ...]] = {}
        self._requests: list[Request] = []
        self.left_out = {q["id"]: int(q["left_out"]) for q in data["questions"] if q["left_out"]}
        self.exercise = Exercise(
            name=name,
            title=data["title"],
            questions=tuple(self._question(question) for question in data["questions"]),
            folder=folder,
            limits=self._limits,
            feedback=load_feedback_rules(data["feedback"]) if "feedback" in data else FeedbackRules(),
            data_files=tuple(_find_data(folder, str(name)) for name in data.get("data", ()) if _is_there(folder, name)),
            modules=(({HELPER_PACKAGE: ""} | dict(modules)) if modules else {}) | dict(data.get("modules", {})),
            files=tuple(data.get("files", ())),
            aliases=tuple(map(str, data.get("aliases", ()))),
            files_by_name=dict(data.get("files_by_name", {})),
        )
        self.bank = ReferenceData(self._cases, tuple(self._requests), self._probes, self._confirmation, self._traces)

    def _question(self, data: JsonNode) -> Question:
        kind = get_kind(data["kind"])
        question = Question(
            id=data["id"],
            kind=kind,
            title=data["title"],
            checks=tuple(self._check(data["id"], kind, check) for check in data["checks"]),
            mistakes=tuple(_read_mistake(mistake, data.get("blanks", {})) for mistake in data["mistakes"]),
            function=data["function"],
            reference=make_stub_function(data["parameters"]) if data["function"] else None,
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

    def _check(self, question: str, kind: QuestionKind, data: JsonNode) -> AnyCheck:
        key = question, data["name"]
        read = CheckImport(*key, load_message(data["says"]), float(data["points"]), data)
        check = kind.load_check(read)
        if isinstance(check, Check):
            self._cases[key] = tuple(self._case(case) for case in data["cases"])
            if "confirmation" in data:
                self._confirmation[key] = tuple(self._case(case) for case in data["confirmation"])
            if "traces" in data:
                self._traces[key] = tuple(self._trace(trace) for trace in data["traces"])
        elif isinstance(check, AnswerCheck):
            self._probes[key] = check.make_probe(np.random.default_rng(0))  # it doesn't depend on the generator
        return check

    def _trace(self, data: JsonNode) -> Trace:
        return tuple((str(name), unpack_value(value, self._arrays)) for name, value in data)

    def _case(self, data: JsonNode) -> Case:
        mistakes = {name: unpack_value(node, self._arrays) for name, node in data["mistakes"].items()}
        args = tuple(unpack_value(node, self._arrays) for node in data["args"])
        return Case(args, unpack_value(data["expected"], self._arrays), mistakes)


def _is_there(folder: Path, name: str) -> bool:
    """Return whether a data file is in its place; without it, code that reads it fails, and nothing else does."""
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts or inside.parts[:1] != (DATA_FOLDER,):
        raise ValueError(f"{name!r} is no data file")
    return (folder / inside).is_file()


def _find_data(folder: Path, name: str) -> DataFile:
    """Return a data file as it is here: what a student has changed is what the student's own check reads."""
    return DataFile(name, folder / name, (folder / name).stat().st_size)


def _read_mistake(data: JsonNode, blanks: JsonNode) -> Mistake:
    """Return a known mistake; of wrong fillings, a release has the names of the blanks alone."""
    fillings = tuple(Filling(name, "", name, is_given=True) for name in blanks.get(data["name"], ()))
    return Mistake(**data, function=raise_no_course_code, fillings=fillings)
