"""Adoption: a student who was known by name only becomes one of a roster, and keeps all records."""

from typing import Final

from sqlalchemy import Connection, select, update

from grader.core.errors import StoreError
from grader.core.text.messages import gettext
from grader.store.db.models.accounts import AccountRow
from grader.store.db.models.people import EnrolmentRow, StudentIdRow
from grader.store.db.models.submissions import StudentRow
from grader.store.tables import events
from grader.store.tables.grading_rows import normalize_student_name
from grader.store.tables.roster import find_student_id
from grader.store.tables.submissions import insert_missing, validate_name

FORMER_NAME: Final = "former_name"
"""The system of a student's id that is the name of before, so that a folder of that name is still theirs."""


def adopt_student(connection: Connection, name: str, new_name: str, user: str) -> None:
    """Give a student another name; submissions, gradings, marks, extensions and account stay theirs.

    The name of before is kept as an id of theirs, unless it is another student's already.
    Raises StoreError if the student is on a roster already, or if the new name is taken. The caller locks.
    """
    validate_name("student", new_name)
    id, new = find_student_id(connection, name), normalize_student_name(new_name)
    row = connection.execute(
        select(EnrolmentRow.display_name, EnrolmentRow.email).where(EnrolmentRow.student_id == id)
    ).first()
    taken = connection.scalar(select(StudentRow.id).where(StudentRow.name == new))
    account = connection.scalar(
        select(AccountRow.id).where(AccountRow.name == new, AccountRow.student_id.is_distinct_from(id))
    )
    if (row and any(row)) or taken is not None or account is not None:
        raise StoreError(
            gettext(
                "{name} can't become {id}: one of the two has changed meanwhile; import the roster again",
                name=repr(name[:60]),
                id=repr(new_name[:60]),
            )
        )
    former = {"student_id": id, "system": FORMER_NAME, "external_id": normalize_student_name(name)}
    insert_missing(connection, StudentIdRow, [former])
    connection.execute(update(StudentRow).where(StudentRow.id == id).values(name=new))
    connection.execute(update(AccountRow).where(AccountRow.student_id == id).values(name=new))
    events.record_event(connection, user, "enrolled", [(id, f"until now {name!r}, known by name only")])
