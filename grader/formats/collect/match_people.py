"""Whose a file is: by the ids of other systems, by a roster, by names. Alike is never the same; what's unsure is told.

In this order: the system's id is on record; Moodle's number is in the worksheet; the e-mail is; the name is that of a
student, or an id of one; it is the full name of exactly one. With a roster nobody else is taken. Without one, whoever
isn't written nearly like another becomes a new student.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.formats.collect.claims import Owner

_WORD: Final = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Pc")


@dataclass(frozen=True)
class Person:
    """A student on record. `ids` are those of other systems."""

    student: str
    display_name: str = ""
    email: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Whose:
    """A student, or why it isn't decided, with students who come near."""

    student: str | None
    why: str = ""
    close: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A name without what differs between spellings: case, accents, width, separators. Alike isn't the same.

    Where nothing would be left, as of `---`, the text itself.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in letters if c.isalnum()) or text


def squeezed(text: str) -> str:
    """A name as Canvas writes it in a file's name: lower case, and only letters, digits and `_`."""
    # Ruby's [[:word:]], which has the marks that Python's \w lacks: vowels of Indic scripts, accents set apart.
    return "".join(c for c in text if unicodedata.category(c) in _WORD).lower()


class People:
    """The students who are known. What one download says of owners is decided together."""

    def __init__(self, known: Iterable[Person], participants: Mapping[str, str] | None = None) -> None:
        self._participants = participants or {}
        self._people: dict[str, Person] = {}
        self._has_roster = False
        self._by_id: dict[tuple[str, str], str] = {}
        self._by_any: dict[str, set[str]] = {}
        self._by_email: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_squeezed: dict[str, set[str]] = {}
        self._by_plain: dict[str, set[str]] = {}
        for person in known:
            self.add(person)

    def add(self, person: Person) -> None:
        """Takes up a student."""
        student = person.student
        self._people[student] = person
        self._has_roster |= bool(person.display_name or person.email)
        self._by_plain.setdefault(plain(student), set()).add(student)
        for system, id in person.ids.items():
            self._by_id[system, id] = student
            self._by_any.setdefault(id, set()).add(student)
        if person.email:
            self._by_email.setdefault(person.email.casefold(), set()).add(student)
        for name in _orders(person.display_name):
            self._by_name.setdefault(name, set()).add(student)
            self._by_squeezed.setdefault(squeezed(name), set()).add(student)
            self._by_plain.setdefault(plain(name), set()).add(student)

    def whose(self, owners: Iterable[Owner]) -> dict[Owner, Whose]:
        """Decides on all owners of one download, and takes up those who are new."""
        all_owners = list(dict.fromkeys(owners))
        same, alike = (Counter(write(one.name) for one in all_owners) for write in (str, plain))
        said = {
            owner: self._known(owner) or self._named(owner, same[owner.name], alike[plain(owner.name)])
            for owner in all_owners
        }
        for one in said.values():
            if one.student is not None and one.student not in self._people:
                self.add(Person(one.student))
        return said

    def objection(self, student: str) -> str | None:
        """Why a person may have mistyped a student's name; None: it is right, or can't be told from a new one."""
        if student in self._people:
            return None
        close = sorted(self._by_plain.get(plain(student), set()))
        if close:
            return f"there is no {student[:60]!r}, but {close[0]!r}"
        return f"{student[:60]!r} is not on the roster" if self._has_roster else None

    def learnt(self, owner: Owner, student: str) -> bool:
        """Whether the owner's lasting id can be put on record as the student's."""
        person = self._people.get(student)
        return bool(
            owner.system
            and (owner.system, owner.id) not in self._by_id
            and (person is None or owner.system not in person.ids)
        )

    def learn(self, owner: Owner, student: str) -> None:
        """Takes up the owner's lasting id as the student's."""
        person = self._people.get(student) or Person(student)
        self.add(replace(person, ids={**person.ids, owner.system: owner.id}))

    def _known(self, owner: Owner) -> Whose | None:
        """By what identifies."""
        if student := self._by_id.get((owner.system, owner.id)):
            return Whose(student)
        if student := self._participants.get(owner.participant):
            return Whose(student)
        if owner.system == "gradescope" and owner.id in self._people:
            return Whose(owner.id)
        return _only(self._by_email.get(owner.email.casefold(), set()))

    def _named(self, owner: Owner, same: int, alike: int) -> Whose:
        """By the name, where so many owners in the download have the same, or one that is alike."""
        close = tuple(sorted(self._by_plain.get(plain(owner.name), set())))
        if owner.doubtful:
            return Whose(None, f"the letters of {owner.name!r} are in an unknown encoding", close)
        student = self._by_name_alone(owner)
        if student is not None and same == 1:
            other = self._people[student].ids.get(owner.system, owner.id)
            if other == owner.id:
                return Whose(student)
            return Whose(None, f"{student!r} has another id in {owner.system}: {other}", close)
        if alike > 1:
            return Whose(None, f"several in this download are called {owner.name!r}, or nearly so", close)
        if len(close) > 1:
            return Whose(None, f"several students are called {owner.name!r}, or nearly so", close)
        if self._has_roster:
            return Whose(None, f"{owner.name!r} is not on the roster", close)
        new = owner.proposal
        nearly = tuple(sorted(self._by_plain.get(plain(new), set()) | set(close)))
        if nearly:
            return Whose(None, f"{new!r} is written nearly as {nearly[0]!r}", nearly)
        return Whose(new)

    def _by_name_alone(self, owner: Owner) -> str | None:
        if owner.name in self._people:
            return owner.name
        if owner.squeezed:
            found = self._by_squeezed.get(owner.name, set())
        else:
            found = self._by_any.get(owner.name, set()) | self._by_name.get(owner.name, set())
            found = found | self._by_email.get(owner.name.casefold(), set())
        only = _only(found)
        return only.student if only else None


def _only(students: set[str]) -> Whose | None:
    return Whose(next(iter(students))) if len(students) == 1 else None


def _orders(name: str) -> Sequence[str]:
    """A full name with its words in each order that systems write: `Ada Lovelace`, `Lovelace Ada`."""
    words = name.replace(",", " ").split()
    return [" ".join(words[i:] + words[:i]) for i in range(len(words))]
