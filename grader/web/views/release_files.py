"""The files that students download: those of `grader release`, of one exercise or of the whole course.

They are made once per process, when the first one is asked for, and are those of the course that was loaded at the
start. A release holds nothing of hidden checks and no solution.
"""

import threading
from collections.abc import Mapping

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course, Exercise
from grader.core.text.language import Language
from grader.course.bundle.portable_values import pack_zip
from grader.course.bundle.write_bundle import list_exercise_files, list_helper_files, render_bundle, select_exercise


class ReleaseFiles:
    """Makes releases, and keeps them. Shared between threads."""

    def __init__(self, course: Course, language: Language) -> None:
        self._course, self._language = course, language
        self._turn = threading.RLock()
        self._whole: Mapping[str, bytes] = {}
        self._by_exercise: dict[str, Mapping[str, bytes]] = {}
        self._zips: dict[str, bytes] = {}
        self._helper_files: dict[str, tuple[str, ...]] = {}

    def list_names(self, exercise: Exercise) -> tuple[str, ...]:
        """Return the paths of the files to read or fill in: notebook, script, helper modules, README."""
        if exercise.files:
            return *list_exercise_files(exercise, self._load_exercise(exercise)), "README.md"
        return f"{exercise.name}.ipynb", f"{exercise.name}.py", *self._list_helper_files(exercise), "README.md"

    def load_file(self, exercise: Exercise, path: str) -> bytes | None:
        """Return one file of an exercise's release; None if there is none at this path. Raises CourseError."""
        return self._load_exercise(exercise).get(path)

    def load_exercise_zip(self, exercise: Exercise) -> bytes:
        """Return the release of an exercise. Raises CourseError."""
        with self._turn:
            if exercise.name not in self._zips:
                self._zips[exercise.name] = pack_zip(self._load_exercise(exercise))
            return self._zips[exercise.name]

    def load_course_zip(self) -> bytes:
        """Return the whole release: the bytes that `grader release` writes. Raises CourseError."""
        with self._turn:
            if "" not in self._zips:
                self._zips[""] = pack_zip(self._load_whole())
            return self._zips[""]

    def _load_exercise(self, exercise: Exercise) -> Mapping[str, bytes]:
        with self._turn:
            if exercise.name not in self._by_exercise:
                whole = self._load_whole()
                self._by_exercise[exercise.name] = select_exercise(self._course, exercise, whole, self._language)
            return self._by_exercise[exercise.name]

    def _load_whole(self) -> Mapping[str, bytes]:
        if not self._whole:
            self._whole = render_bundle(self._course, PUBLIC_SECRET, self._language)
        return self._whole

    def _list_helper_files(self, exercise: Exercise) -> tuple[str, ...]:
        if exercise.name not in self._helper_files:
            self._helper_files[exercise.name] = list_helper_files(self._course, [exercise])
        return self._helper_files[exercise.name]
