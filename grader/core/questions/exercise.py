"""A course as data: its exercises, each with its cells, blanks and questions. Loaded by `grader.course.loader`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from grader.core.errors import UsageError
from grader.core.questions.question import Question
from grader.core.results.policy import Policy
from grader.core.text.language import Catalogue
from grader.core.text.messages import gettext
from grader.core.wire.job import Limits


@dataclass(frozen=True)
class Blank:
    """A hole in given code. `id` is `question.n`, counted from 1 in the order of the text; `line` is in solution.py."""

    id: str
    question: str
    hint: str
    line: int


@dataclass(frozen=True)
class Exercise:
    """What a student hands in at once: one notebook or script.

    `modules` are helper modules which the sandbox supplies for this exercise: dotted name -> source.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    folder: PurePath
    limits: Limits = Limits()
    modules: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = Policy()

    @property
    def max_score(self) -> float:
        """Points of all questions together."""
        return sum(question.max_score for question in self.questions)

    def question(self, question_id: str) -> Question | None:
        """The question with that id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)


@dataclass(frozen=True)
class Course:
    """A folder of exercises, in order. `version` is a hash of everything in its `reference/` folder.

    `zone` is the time zone in which people read moments. It speaks `language` where no other is asked for; what its
    author wrote is in `written`, and `translations` are the catalogues of that by language.
    """

    title: str
    exercises: tuple[Exercise, ...]
    folder: PurePath
    version: str
    packages: tuple[str, ...] = ()
    language: str = "en"
    written: str = "en"
    translations: Mapping[str, Catalogue] = field(default_factory=dict)
    zone: str = "UTC"
    settings: Mapping[str, object] = field(default_factory=dict)

    def exercise(self, name: str) -> Exercise:
        """The exercise of that name. Raises UsageError, naming those that there are."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        names = ", ".join(e.name for e in self.exercises)
        raise UsageError(
            gettext(
                "there is no exercise {name} in {folder}; choose one of: {names}",
                name=repr(name),
                folder=self.folder,
                names=names,
            )
        )
