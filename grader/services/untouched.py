"""Untouched templates: files in which nothing was filled in. One is recorded only where it replaces nothing."""

import hashlib

from grader.core.errors import CourseError
from grader.core.questions.exercise import Course
from grader.core.questions.untouched import is_untouched, may_be_untouched
from grader.core.text.nfc import normalize_nfc
from grader.core.wire.submission import ParsedSubmission
from grader.course.templates import make_untouched_submission
from grader.store import NewSubmission, Store


class UntouchedTemplates:
    """Recognises the untouched templates of a course."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._templates: dict[str, ParsedSubmission | None] = {}

    def contain(self, exercise_name: str, program: ParsedSubmission) -> bool:
        """Return whether nothing is filled in in a file."""
        exercise = self._course.exercise(exercise_name)
        if not may_be_untouched(program, exercise):
            return False
        template = self._find_template(exercise_name)
        return template is not None and is_untouched(program, template, exercise)

    def _find_template(self, exercise_name: str) -> ParsedSubmission | None:
        """Return the template; None if the course's solution can't be read as one."""
        if exercise_name not in self._templates:
            try:
                template = make_untouched_submission(self._course.exercise(exercise_name))
            except (CourseError, OSError):
                template = None
            self._templates[exercise_name] = template
        return self._templates[exercise_name]


def find_attempt_to_keep(store: Store, new: NewSubmission) -> int | None:
    """Return the number of the last attempt on record, which an untouched template would follow.

    None if there is no attempt, or if the same bytes are on record.
    """
    earlier = list(store.submissions(student=new.student, exercise=new.exercise))
    sha256 = hashlib.sha256(new.data).hexdigest()
    if any(one.sha256 == sha256 for one in earlier):
        return None
    return max((one.number for one in earlier), default=None)


class HandInTemplates:
    """Decides which untouched templates of a class's files are left out.

    Each file of a student that can be read goes through `set_aside`. Those set aside are read again after the others,
    so that not all of them are in memory, and go through `find_reason_to_leave_out`. The other files of a student are
    known to the end: they may lie in several folders, and may not be on record yet when the next one is looked at.
    """

    def __init__(self, store: Store, course: Course) -> None:
        self._store = store
        self._templates = UntouchedTemplates(course)
        self._others: dict[tuple[str, str], list[str]] = {}

    def set_aside(self, new: NewSubmission | None, program: ParsedSubmission | None) -> bool:
        """Return whether a file is an untouched template; remember the others."""
        if new is None or program is None:
            return False
        if self._templates.contain(new.exercise, program):
            return True
        self._others.setdefault(_make_key(new), []).append(new.file_name)
        return False

    def find_reason_to_leave_out(self, new: NewSubmission | None) -> str | None:
        """Return why an untouched template is left out; None if it replaces nothing."""
        if new is None:
            return None
        others = self._others.get(_make_key(new), [])
        if others:
            kept = f"{others[0]} counts" if len(others) == 1 else "it replaces none of the others"
            return f"nothing is filled in, so {kept}"
        attempt = find_attempt_to_keep(self._store, new)
        return None if attempt is None else f"nothing is filled in, so it does not replace attempt {attempt}"


def _make_key(new: NewSubmission) -> tuple[str, str]:
    """Return student and exercise; two spellings of a name in Unicode are one student."""
    return normalize_nfc(new.student), new.exercise
