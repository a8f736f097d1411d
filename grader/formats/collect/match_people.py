"""Matches file owners to students: by ids of other systems, the roster, and names. Unsure matches stay undecided.

The rules are tried in this order: the system's id is on record; Moodle's number is in the worksheet; the e-mail address
is known; the name is the name or an id of a student; it is the full name of exactly one student. With a roster nobody
else is accepted. Without one, an owner whose name doesn't resemble a known name becomes a new student. Similar names
are never treated as equal.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.formats.collect.file_claims import FileOwner

_WORD: Final = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Pc")


@dataclass(frozen=True)
class KnownStudent:
    """A student on record. `ids` holds the ids in other systems."""

    student: str
    display_name: str = ""
    email: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnerMatch:
    """The matched student, or the reason why there is none, with students of similar names."""

    student: str | None
    reason: str = ""
    similar_students: tuple[str, ...] = ()


def normalize_name(text: str) -> str:
    """Return a name without the differences between spellings: case, accents, width, separators.

    Equal results mean that names are similar, not that they are the same. A text of which nothing would be left, such
    as `---`, is returned unchanged.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in letters if c.isalnum()) or text


def squeeze_name(text: str) -> str:
    """Return a name as Canvas writes it in a file's name: lower case, and only letters, digits and `_`."""
    # Ruby's [[:word:]], which includes the marks that Python's \w lacks: vowels of Indic scripts, combining accents.
    return "".join(c for c in text if unicodedata.category(c) in _WORD).lower()


class OwnerMatcher:
    """The known students. All owners of one download are matched together."""

    def __init__(self, students: Iterable[KnownStudent], participants: Mapping[str, str] | None = None) -> None:
        self._participants = participants or {}
        self._people: dict[str, KnownStudent] = {}
        self._has_roster = False
        self._by_id: dict[tuple[str, str], str] = {}
        self._by_any: dict[str, set[str]] = {}
        self._by_email: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_squeezed: dict[str, set[str]] = {}
        self._by_plain: dict[str, set[str]] = {}
        for person in students:
            self.add(person)

    def add(self, person: KnownStudent) -> None:
        """Add a student."""
        student = person.student
        self._people[student] = person
        self._has_roster |= bool(person.display_name or person.email)
        self._by_plain.setdefault(normalize_name(student), set()).add(student)
        for system, id in person.ids.items():
            self._by_id[system, id] = student
            self._by_any.setdefault(id, set()).add(student)
        if person.email:
            self._by_email.setdefault(person.email.casefold(), set()).add(student)
        for name in _name_orders(person.display_name):
            self._by_name.setdefault(name, set()).add(student)
            self._by_squeezed.setdefault(squeeze_name(name), set()).add(student)
            self._by_plain.setdefault(normalize_name(name), set()).add(student)

    def match_owners(self, owners: Iterable[FileOwner]) -> dict[FileOwner, OwnerMatch]:
        """Match all owners of one download, and add the new students."""
        all_owners = list(dict.fromkeys(owners))
        same, alike = (Counter(write(match.name) for match in all_owners) for write in (str, normalize_name))
        matches = {
            owner: self._match_by_id(owner)
            or self._match_by_name(owner, same[owner.name], alike[normalize_name(owner.name)])
            for owner in all_owners
        }
        for match in matches.values():
            if match.student is not None and match.student not in self._people:
                self.add(KnownStudent(match.student))
        return matches

    def find_objection(self, student: str) -> str | None:
        """Return the reason why a student's name looks mistyped; None if it is known or may be a new one."""
        if student in self._people:
            return None
        close = sorted(self._by_plain.get(normalize_name(student), set()))
        if close:
            return f"the student {student[:60]!r} is unknown, but {close[0]!r} exists"
        return f"{student[:60]!r} is not on the roster" if self._has_roster else None

    def can_learn(self, owner: FileOwner, student: str) -> bool:
        """Return whether the owner's permanent id can be recorded as the student's."""
        person = self._people.get(student)
        return bool(
            owner.system
            and (owner.system, owner.id) not in self._by_id
            and (person is None or owner.system not in person.ids)
        )

    def learn(self, owner: FileOwner, student: str) -> None:
        """Record the owner's permanent id as the student's."""
        person = self._people.get(student) or KnownStudent(student)
        self.add(replace(person, ids={**person.ids, owner.system: owner.id}))

    def _match_by_id(self, owner: FileOwner) -> OwnerMatch | None:
        """Match an owner by ids and e-mail address."""
        if student := self._by_id.get((owner.system, owner.id)):
            return OwnerMatch(student)
        if student := self._participants.get(owner.participant):
            return OwnerMatch(student)
        if owner.system == "gradescope" and owner.id in self._people:
            return OwnerMatch(owner.id)
        return _match_if_unique(self._by_email.get(owner.email.casefold(), set()))

    def _match_by_name(self, owner: FileOwner, same: int, alike: int) -> OwnerMatch:
        """Match by name; `same` owners of the download have this name, `alike` a similar one."""
        close = tuple(sorted(self._by_plain.get(normalize_name(owner.name), set())))
        if owner.doubtful:
            return OwnerMatch(None, f"the letters of {owner.name!r} are in an unknown encoding", close)
        student = self._find_by_name(owner)
        if student is not None and same == 1:
            other = self._people[student].ids.get(owner.system, owner.id)
            if other == owner.id:
                return OwnerMatch(student)
            return OwnerMatch(None, f"{student!r} has another id in {owner.system}: {other}", close)
        if alike > 1:
            return OwnerMatch(None, f"several in this download are called {owner.name!r}, or nearly so", close)
        if len(close) > 1:
            return OwnerMatch(None, f"several students are called {owner.name!r}, or nearly so", close)
        if self._has_roster:
            return OwnerMatch(None, f"{owner.name!r} is not on the roster", close)
        new = owner.proposal
        nearly = tuple(sorted(self._by_plain.get(normalize_name(new), set()) | set(close)))
        if nearly:
            return OwnerMatch(None, f"{new!r} is written nearly as {nearly[0]!r}", nearly)
        return OwnerMatch(new)

    def _find_by_name(self, owner: FileOwner) -> str | None:
        if owner.name in self._people:
            return owner.name
        if owner.is_squeezed:
            found = self._by_squeezed.get(owner.name, set())
        else:
            found = self._by_any.get(owner.name, set()) | self._by_name.get(owner.name, set())
            found = found | self._by_email.get(owner.name.casefold(), set())
        only = _match_if_unique(found)
        return only.student if only else None


def _match_if_unique(students: set[str]) -> OwnerMatch | None:
    return OwnerMatch(next(iter(students))) if len(students) == 1 else None


def _name_orders(name: str) -> Sequence[str]:
    """A full name with its words in each order that systems write: `Ada Lovelace`, `Lovelace Ada`."""
    words = name.replace(",", " ").split()
    return [" ".join(words[i:] + words[:i]) for i in range(len(words))]
