"""Tests of matching owners to students: identifiers decide, and similar names are never merged.

Covers `formats/collect/file_claims.py`.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.file_claims import FileOwner
from grader.formats.collect.match_people import KnownStudent, OwnerMatcher, normalize_name, squeeze_name

ROSTER = [
    KnownStudent("ada", "Ada Lovelace", "ada@example.org", {"canvas": "4711"}),
    KnownStudent("zoe", "Zoë Müller", "", {}),
    KnownStudent("li1", "Li Wei", "", {}),
    KnownStudent("li2", "Li Wei", "", {}),
]


def canvas(name: str, id: str) -> FileOwner:
    """Return an owner in Canvas."""
    return FileOwner(name, id, "canvas", id, is_squeezed=True, proposal=name)


def named(name: str, key: str = "") -> FileOwner:
    """Return an owner with a name only."""
    return FileOwner(name, key or name, proposal=name)


def student(people: OwnerMatcher, owner: FileOwner) -> str | None:
    """Return the matched student; an undecided match must have a reason."""
    said = people.match_owners([owner])[owner]
    assert bool(said.reason) == (said.student is None)
    return said.student


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (canvas("whoever", "4711"), "ada"),
        (canvas("müllerzoë", "4712"), "zoe"),
        (canvas("mullerzoe", "4712"), None),
        (canvas("lovelaceada", "9"), None),
        (canvas("weili", "5"), None),
        (named("ada"), "ada"),
        (named("4711"), "ada"),
        (named("ADA@example.org"), "ada"),
        (named("Ada Lovelace"), "ada"),
        (named("Lovelace Ada"), "ada"),
        (named("ADA LOVELACE"), None),
        (named("Zoe Muller"), None),
        (named(unicodedata.normalize("NFD", "Zoë Müller")), None),
        (named("Li Wei"), None),
        (named("eve"), None),
        (FileOwner("x", "x", email="Ada@Example.org", proposal="x"), "ada"),
        (FileOwner("Zoë Müller", "x", proposal="x", doubtful=True), None),
    ],
)
def test_with_a_roster(owner: FileOwner, expected: str | None) -> None:
    """An id, an e-mail address or the exact name of one student decides; nobody else is added."""
    assert student(OwnerMatcher(ROSTER), owner) == expected


def test_similar_students_are_listed() -> None:
    """A name that is only similar stays undecided, and similar students are listed."""
    owner = named("Zoe Muller")
    assert OwnerMatcher(ROSTER).match_owners([owner])[owner].similar_students == ("zoe",)


def test_moodles_numbers() -> None:
    """A worksheet's participant numbers decide, also between two students of one name."""
    people = OwnerMatcher(ROSTER, {"11": "li1", "12": "li2"})
    owners = [FileOwner("Li Wei", n, participant=n, proposal="Li Wei") for n in ("11", "12", "13")]
    assert [people.match_owners(owners)[one].student for one in owners] == ["li1", "li2", None]


def test_without_a_roster() -> None:
    """An owner unlike all others is a new student; similar spellings all stay undecided."""
    owners = [named(name) for name in ("ada", "bob", "Bob", "Zoë", unicodedata.normalize("NFD", "Zoë"))]
    said = OwnerMatcher([]).match_owners(owners)
    assert [said[one].student for one in owners] == ["ada", None, None, None, None]


def test_two_of_one_name() -> None:
    """Two ids with one name are two people, and neither is matched, even if the second appears later."""
    owners = [canvas("lovelaceada", "1"), canvas("lovelaceada", "2")]
    assert [said.student for said in OwnerMatcher([]).match_owners(owners).values()] == [None, None]
    people = OwnerMatcher([])
    assert student(people, owners[0]) == "lovelaceada"
    people.learn(owners[0], "lovelaceada")
    assert student(people, owners[0]) == "lovelaceada"
    assert student(people, owners[1]) is None


@given(st.lists(st.text(st.sampled_from("aAäÄé\u0301 -1"), min_size=1, max_size=4), unique=True, max_size=8))
def test_similar_names_are_never_merged(names: list[str]) -> None:
    """Without a roster every matched student has one spelling, and no two are similar."""
    said = OwnerMatcher([]).match_owners(named(name) for name in names)
    for owner, one in said.items():
        alike = [name for name in names if normalize_name(name) == normalize_name(owner.name)]
        assert one.student == (owner.name if len(alike) == 1 else None)


@given(st.text(min_size=1))
def test_normalized_names(text: str) -> None:
    """Normalized names ignore Unicode form and case, and are never empty."""
    assert normalize_name(text)
    assert normalize_name(unicodedata.normalize("NFD", text)) == normalize_name(unicodedata.normalize("NFC", text))


def test_squeezed_names() -> None:
    """Squeezed names are as in Canvas: lower case, only letters, digits and `_`."""
    assert squeeze_name("O'Neil-Müller, Zoë_2") == "oneilmüllerzoë_2"
    assert squeeze_name("कुमारी, गीता") == "कुमारीगीता"
