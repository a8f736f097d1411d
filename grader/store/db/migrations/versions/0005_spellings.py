"""Students' names in Unicode normalization form C: a name is one student, however it was typed.

If both spellings were recorded, there were two students with attempts of their own, which no rule can merge: the second
keeps all records under a new name, `José (2)`, and the log says so.
"""

import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

LONGEST = 200
STUDENTS = sa.table("students", sa.column("id", sa.Integer), sa.column("name", sa.String))
EVENTS = sa.table(
    "events",
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Text) for name in ("who", "what", "detail")),
    sa.column("student_id", sa.Integer),
)


def upgrade() -> None:
    """Rename students whose names are not normalized."""
    connection = op.get_bind()
    found = connection.execute(sa.select(STUDENTS.c.id, STUDENTS.c.name).order_by(STUDENTS.c.id)).all()
    names = {name for _, name in found}
    for id, name in found:
        composed = unicodedata.normalize("NFC", name)
        if composed == name:
            continue
        free = _free(composed, names)
        names.add(free)
        connection.execute(STUDENTS.update().where(STUDENTS.c.id == id).values(name=free))
        if free != composed:
            detail = "another spelling of a name that was there already: now under a name of its own"
            now = datetime.now(UTC)
            event = {"at": now, "who": "grader db upgrade", "what": "enrolled", "detail": detail, "student_id": id}
            connection.execute(EVENTS.insert(), [event])


def _free(name: str, taken: Collection[str]) -> str:
    """Return the name, or the name with the first free number; never longer than the limit."""
    wanted, number = name[:LONGEST], 1
    while wanted in taken:
        number += 1
        end = f" ({number})"
        wanted = name[: LONGEST - len(end)] + end
    return wanted
