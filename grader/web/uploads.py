"""Uploads: a file is read, then recorded. An answer to the student means that it is on record."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.questions.exercise import Course
from grader.core.questions.file_patterns import list_names
from grader.core.text.messages import MessageLike, as_message, gettext
from grader.core.wire.submission import ParsedSubmission
from grader.formats.assemble_sets import list_file_patterns
from grader.formats.decode_text import escape_unprintable
from grader.formats.file_set import SET_SUFFIX
from grader.formats.read_submission import parse_submission
from grader.services.file_parts import FileParts
from grader.services.gather_sets import gather_sets, read_uploaded_file
from grader.services.untouched import UntouchedTemplates, find_attempt_to_keep
from grader.store import NewSubmission, RecordedSubmission, Store
from grader.web.limits import UPLOAD_RATES
from grader.web.security.rate_limit import RateLimiter

MAX_FILE_NAME_LENGTH: Final = 120
"""Characters of a file's name that are kept."""


@dataclass(frozen=True)
class UploadRefusal:
    """The reason why a file was not recorded: one sentence for its student."""

    reason: MessageLike


class UploadRecorder:
    """Reads one file at a time, because a hostile one may take much memory."""

    def __init__(self, store: Store, course: Course) -> None:
        self._store, self._course = store, course
        self._templates = UntouchedTemplates(course)
        self._turn = threading.Lock()
        self._limits = [RateLimiter(rate) for rate in UPLOAD_RATES]

    def reserve_slot(self, student: str) -> float:
        """Return the seconds until this student may submit again; 0 means now, and counts it.

        Recorded files are counted in the records, for all processes; refused ones in this process.
        """
        now = datetime.now(UTC)
        moments = self._store.list_receipt_times(student, now - timedelta(seconds=UPLOAD_RATES[-1].seconds))
        ages = [(now - moment).total_seconds() for moment in reversed(moments)]
        recorded = max(rate.get_wait_seconds(ages) for rate in UPLOAD_RATES)
        return recorded or next(filter(None, (limit.take(student) for limit in self._limits)), 0.0)

    def record(self, student: str, exercise: str, file_name: str, data: bytes) -> RecordedSubmission | UploadRefusal:
        """Record a file if it can be read and is for this exercise; return when it is committed.

        An untouched template is recorded only as a first attempt.
        """
        if self._course.exercise(exercise).files:
            return self.record_files(student, exercise, [(file_name, data)])
        name = clean_file_name(file_name)
        try:
            with self._turn:
                program = parse_submission(name, data)
        except UnreadableSubmission as error:
            return UploadRefusal(error.message)
        title = next((e.title for e in self._course.exercises if e.name == program.exercise), None)
        if title is not None and program.exercise != exercise:
            return UploadRefusal(
                gettext("{name} is the notebook of “{title}”: hand it in there.", name=name, title=as_message(title))
            )
        return self._record(NewSubmission(student, exercise, data, name), program)

    def record_files(
        self, student: str, exercise: str, files: Sequence[tuple[str, bytes]]
    ) -> RecordedSubmission | UploadRefusal:
        """Record files of an exercise of several files, given by name, together with the parts handed in earlier.

        A zip archive stands for the files in it.
        """
        asked = self._course.exercise(exercise)
        everything = list_file_patterns(self._course)
        wanted = replace(everything, patterns={exercise: asked.files}, exercises=(exercise,))
        try:
            with self._turn:
                read = [read_uploaded_file(name, data) for name, data in files]
                gathered = gather_sets([found for found, _ in read], wanted)
                if exercise not in gathered.sets:
                    names = list_names(asked.files)
                    return UploadRefusal(
                        gettext("none of these is a file of this exercise: hand in {names}.", names=names)
                    )
                data, _ = gathered.sets[exercise].load()
                file_name = f"{exercise}{SET_SUFFIX}"
                parts = FileParts(self._store, self._course)
                new, _ = parts.complete(NewSubmission(student, exercise, data, file_name))
                program = parse_submission(file_name, new.data)
        except UnreadableSubmission as error:
            return UploadRefusal(error.message)
        return self._record(new, program)

    def _record(self, new: NewSubmission, program: ParsedSubmission) -> RecordedSubmission | UploadRefusal:
        exercise, name = new.exercise, new.file_name
        if self._templates.contain(exercise, program):
            kept = find_attempt_to_keep(self._store, new)
            if kept is not None:
                return UploadRefusal(
                    gettext(
                        "nothing is filled in in {name}, and it would follow your attempt {number}. Choose the file in "
                        "which you worked.",
                        name=name,
                        number=kept,
                    )
                )
        return self._store.record_one(new)


def clean_file_name(file_name: str) -> str:
    """Return a file's name with its suffix, without folders and invisible characters."""
    name = escape_unprintable(file_name.replace("\\", "/").rpartition("/")[2].strip()) or "unnamed"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= MAX_FILE_NAME_LENGTH else f"{stem[: MAX_FILE_NAME_LENGTH - 8]}{dot}{ending[:7]}"
