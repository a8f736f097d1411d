"""A course as data: its exercises with their questions. `grader.course.loader` loads it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import PurePath

from grader.core.errors import UsageError
from grader.core.questions.exercise_names import ExerciseNames
from grader.core.questions.question import Question
from grader.core.results.disclosure import FeedbackRules
from grader.core.results.policy import Policy
from grader.core.text.language import Catalogue
from grader.core.text.messages import gettext
from grader.core.wire.data_file import DataFile
from grader.core.wire.job import Limits
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Blank:
    """A blank in given code. `id` is `question.n`, numbered from 1 in the text's order.

    `line` and `last_line` are the first and last line of the answer in solution.py, with the marks around it.
    """

    id: str
    question: str
    hint: str
    line: int
    last_line: int


@dataclass(frozen=True)
class Exercise:
    """The questions that a student answers in one submission: a notebook, a script, or the files of some patterns.

    `files` are these patterns, and `files_by_name` the paths of the files in which names are looked up first.
    `modules` are the helper modules that the sandbox supplies for this exercise: dotted name -> source.
    `solution_values` are the values of the variables that its questions ask for, in the solution; a release has none.
    `given_functions` are those functions which questions ask for and the template has without a blank.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    folder: PurePath
    limits: Limits = Limits()
    modules: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = Policy()
    feedback: FeedbackRules = FeedbackRules()
    solution_values: Mapping[str, Value] = field(default_factory=dict)
    given_functions: frozenset[str] = frozenset()
    data_files: tuple[DataFile, ...] = ()
    """The files that its code can read, by their paths beside the notebook."""
    enter_folder: Callable[[], AbstractContextManager[object]] = nullcontext
    """Entered while the course's own functions run: relative paths then lead to the data files."""
    files: tuple[str, ...] = ()
    files_by_name: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    """Further names of its files, without endings; `*` and `?` stand for any characters."""

    @property
    def max_score(self) -> float:
        """The points of all questions together."""
        return sum(question.max_score for question in self.questions)

    @property
    def prose_questions(self) -> tuple[str, ...]:
        """The ids of the questions that are answered in prose, where pictures may belong to an answer."""
        return tuple(question.id for question in self.questions if question.kind.is_prose)

    def question(self, question_id: str) -> Question | None:
        """Return the question with that id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)


@dataclass(frozen=True)
class Course:
    """A folder of exercises, in order. `version` is a hash of everything in its `reference/` folder.

    `zone` is the time zone in which moments are shown. `language` is the default language; the author's texts are in
    `source_language`, and `translations` are their catalogues by language.
    """

    title: str
    exercises: tuple[Exercise, ...]
    folder: PurePath
    version: str
    packages: tuple[str, ...] = ()
    language: str = "en"
    source_language: str = "en"
    translations: Mapping[str, Catalogue] = field(default_factory=dict)
    zone: str = "UTC"
    check_cells: bool = False
    """Whether each question of a notebook is followed by a cell that checks it."""
    strict: bool = False
    """Whether warnings of the verification are problems."""
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def exercise_names(self) -> ExerciseNames:
        """The names of the exercises, in order, with their aliases."""
        return ExerciseNames((e.name for e in self.exercises), {e.name: e.aliases for e in self.exercises})

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name. Raises UsageError with the names of all exercises."""
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
