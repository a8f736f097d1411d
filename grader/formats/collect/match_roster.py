"""Matches students whom `collect` had made of names, before there was a roster, to the entries of a roster.

A match is certain by an id of another system, an e-mail address, or the same name in any case and spacing, if it is the
only one on both sides. What is only similar is a question for a person: other accents, another order of the words, a
shared family name, a nearly equal spelling. Two students who have different ids in one system are never the same.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.errors import UsageError
from grader.core.text.messages import gettext
from grader.core.text.nfc import normalize_nfc
from grader.formats.collect.match_people import KnownStudent, normalize_name
from grader.formats.collect.roster_table import RosterEntry

_SHORTEST_WORD: Final = 3  # letters of a word by which names may be similar
_NEARLY_EQUAL: Final = 0.85


@dataclass(frozen=True)
class AdoptionQuestion:
    """A student known by name only, and the entries that may be the same person."""

    student: str
    candidates: tuple[RosterEntry, ...]


@dataclass(frozen=True)
class AdoptionPlan:
    """The new id of each student who is adopted, and the questions that are open."""

    adopted: Mapping[str, str]
    questions: tuple[AdoptionQuestion, ...] = ()

    @property
    def waiting(self) -> frozenset[str]:
        """The ids of the entries that wait for an answer."""
        return frozenset(entry.student for one in self.questions for entry in one.candidates)


def plan_adoption(
    students: Sequence[KnownStudent], entries: Sequence[RosterEntry], decisions: Mapping[str, str]
) -> AdoptionPlan:
    """Match all students on record who are on no roster. `decisions` maps a name to an id, or to "" for nobody.

    Raises UsageError for a decision about somebody else.
    """
    known = {one.student for one in students}
    listed = {entry.student for entry in entries}
    unlisted = [one for one in students if one.student not in listed and not (one.display_name or one.email)]
    decisions = {name: id for name, id in decisions.items() if name in known or id not in known}
    _check_decisions(decisions, {one.student for one in unlisted}, listed, known)
    adopted = {name: id for name, id in decisions.items() if id}
    open_students = [one for one in unlisted if one.student not in decisions]
    index = _index_entries(entries)
    certain = {one.student: _find_certain(one, index) for one in open_students}
    claims: dict[str, list[str]] = {}
    for name, found in certain.items():
        for entry in found:
            claims.setdefault(entry.student, []).append(name)
    taken = set(adopted.values()) | known
    for name, found in certain.items():
        if len(found) == 1 and claims[found[0].student] == [name] and found[0].student not in taken:
            adopted[name] = found[0].student
    free = [entry for entry in entries if entry.student not in {*adopted.values(), *known}]
    questions = (
        AdoptionQuestion(one.student, tuple(e for e in free if e in certain[one.student] or _is_similar(one, e)))
        for one in open_students
        if one.student not in adopted
    )
    return AdoptionPlan(adopted, tuple(question for question in questions if question.candidates))


def parse_adoptions(texts: Iterable[str]) -> dict[str, str]:
    """Return the id of each `NAME=ID`, by name; an empty id stands for nobody. Raises UsageError for another form."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, id = (part.strip() for part in text.rpartition("="))
        if not equals or not name:
            raise UsageError(
                gettext("{text}: write NAME=ID, or NAME= if it is nobody of the roster", text=repr(text[:60]))
            )
        if found.setdefault(normalize_nfc(name), normalize_nfc(id)) != normalize_nfc(id):
            raise UsageError(gettext("{name} can't be two people: name one id", name=repr(name[:60])))
    return found


def _check_decisions(
    decisions: Mapping[str, str], unlisted: Collection[str], listed: Collection[str], known: Collection[str]
) -> None:
    for name, id in decisions.items():
        if name not in unlisted:
            raise UsageError(
                gettext("{name} is not a student on record who is known by name only", name=repr(name[:60]))
            )
        if id and id not in listed:
            raise UsageError(gettext("{id} is not an id of the roster", id=repr(id[:60])))
        if id in known:
            raise UsageError(
                gettext(
                    "{id} is on record already, with work of its own: {name} can't become the same student",
                    id=repr(id[:60]),
                    name=repr(name[:60]),
                )
            )
        if id and list(decisions.values()).count(id) > 1:
            raise UsageError(gettext("{id} can't adopt two students: name one", id=repr(id[:60])))


def _index_entries(entries: Iterable[RosterEntry]) -> Mapping[tuple[str, str], list[RosterEntry]]:
    """Return the entries by what identifies them: ids with their system or without, names, and addresses."""
    index: dict[tuple[str, str], list[RosterEntry]] = {}
    for entry in entries:
        keys = {*entry.ids.items(), *(("", id) for id in entry.ids.values())}
        for key in keys | {("name", _fold(entry.name)), ("name", _fold(entry.email))}:
            index.setdefault(key, []).append(entry)
    return index


def _find_certain(student: KnownStudent, index: Mapping[tuple[str, str], Sequence[RosterEntry]]) -> list[RosterEntry]:
    """Return the entries with the same id, e-mail address or name."""
    name = _fold(student.student)
    keys = [*student.ids.items(), ("", student.student), *([("name", name)] if name else [])]
    found = {entry.student: entry for key in keys for entry in index.get(key, ())}
    return [entry for entry in found.values() if not _differ_in_id(student, entry)]


def _is_similar(student: KnownStudent, entry: RosterEntry) -> bool:
    """Return whether an entry may be the same person."""
    words, other_words = _list_words(student.student), _list_words(entry.name)
    if _differ_in_id(student, entry) or not words or not other_words:
        return False
    name, other = "".join(words), "".join(other_words)
    rotations = {"".join(other_words[i:] + other_words[:i]) for i in range(len(other_words))}
    last, family = words[-1], other_words[-1]
    return (
        sorted(words) == sorted(other_words)
        or name in rotations
        or (entry.email != "" and name == normalize_name(entry.email.partition("@")[0]))
        or (len(family) >= _SHORTEST_WORD and family in name)
        or (len(last) >= _SHORTEST_WORD and last in other_words)
        or _are_nearly_equal(name, other)
    )


def _are_nearly_equal(one: str, other: str) -> bool:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _NEARLY_EQUAL and matcher.ratio() >= _NEARLY_EQUAL


def _differ_in_id(student: KnownStudent, entry: RosterEntry) -> bool:
    return any(entry.ids.get(system, id) != id for system, id in student.ids.items())


def _fold(text: str) -> str:
    """Return a name without case and superfluous spaces."""
    return " ".join(normalize_nfc(text).casefold().split())


def _list_words(text: str) -> list[str]:
    return [normalize_name(word) for word in text.replace(",", " ").replace("_", " ").replace(".", " ").split()]
