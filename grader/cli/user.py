"""`grader user`: erasing a student whole."""

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.store import Store


def erase(student: str, reason: str, db: str, *, sure: bool) -> int:
    """Erases everything of a student, and says what that was."""
    with Store.existing(db) as store:
        if not sure:
            count = sum(1 for _ in store.submissions(student=student))
            raise UsageError(
                f"this takes away {student!r} with {count} submissions, gradings and marks, for good: add --yes"
            )
        erased = store.erase(student, reason)
    terminal.line(
        f"erased: {erased.submissions} submissions, {erased.gradings} gradings, {erased.marks} marks; "
        f"on record as student {erased.student}"
    )
    terminal.remark("copies of the database and pages that were made earlier still have them: delete those too")
    return 0
