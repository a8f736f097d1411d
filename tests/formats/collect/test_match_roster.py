"""Tests of matching a later roster: only what is certain on both sides is adopted, what is similar is a question."""

import unicodedata

import pytest

from grader.core.errors import UsageError
from grader.formats.collect.match_people import KnownStudent
from grader.formats.collect.match_roster import AdoptionPlan, parse_adoptions, plan_adoption
from grader.formats.collect.roster_table import RosterEntry

ADA = RosterEntry("a1", "Ada Lovelace", "ada@x.org", ids={"canvas": "4711"})
ZOE = RosterEntry("z1", "Zoë Müller", "zm@x.org")
LIZ = RosterEntry("e1", "Elisabeth Meyer")
LI1, LI2 = RosterEntry("l1", "Li Wei"), RosterEntry("l2", "Li Wei")
ROSTER = (ADA, ZOE, LIZ, LI1, LI2)


def named(name: str, **ids: str) -> KnownStudent:
    """Return a student who is known by name only."""
    return KnownStudent(name, ids=ids)


def plan(*students: KnownStudent, **decisions: str) -> AdoptionPlan:
    """Match students to the roster."""
    return plan_adoption(students, ROSTER, decisions)


@pytest.mark.parametrize(
    ("student", "id"),
    [
        (named("Ada Lovelace"), "a1"),
        (named("  ada  LOVELACE "), "a1"),
        (named("whoever", canvas="4711"), "a1"),
        (named("4711"), "a1"),
        (named("Ada@x.org"), "a1"),
        (named(unicodedata.normalize("NFD", "Zoë Müller")), "z1"),
    ],
)
def test_what_is_certain_is_adopted(student: KnownStudent, id: str) -> None:
    """The same name in any case, an id of another system, an e-mail address."""
    assert plan(student) == AdoptionPlan({student.student: id})


@pytest.mark.parametrize(
    ("student", "ids"),
    [
        (named("Lovelace Ada"), ["a1"]),
        (named("Lovelace, Ada"), ["a1"]),
        (named("lovelaceada"), ["a1"]),
        (named("alovelace"), ["a1"]),
        (named("ada"), ["a1"]),
        (named("Ada Lovelance"), ["a1"]),
        (named("Zoe Muller"), ["z1"]),
        (named("zm"), ["z1"]),
        (named("Liz Meyer"), ["e1"]),
        (named("Li Wei"), ["l1", "l2"]),
    ],
)
def test_what_is_similar_is_a_question(student: KnownStudent, ids: list[str]) -> None:
    """Order, accents, nicknames, user names, typing errors, two of one name; the entries wait for the answer."""
    said = plan(student)
    assert said.adopted == {}
    assert [entry.student for one in said.questions for entry in one.candidates] == ids
    assert said.waiting == frozenset(ids)


@pytest.mark.parametrize(
    "student",
    [
        named("kurt"),
        named("Ada Lovelace", canvas="9"),
        KnownStudent("Ada Lovelace", "Ada Lovelace"),
        named("a1"),
        named("-"),
    ],
)
def test_others_are_left_alone(student: KnownStudent) -> None:
    """Unlike names, another id in the same system, and students who are on a roster already."""
    assert plan(student) == AdoptionPlan({})


def test_two_that_fit_one_entry_are_questions() -> None:
    """Neither is adopted; an answer adopts one, and the other is free."""
    both = named("Ada Lovelace"), named("x", canvas="4711")
    assert [one.student for one in plan(*both).questions] == ["Ada Lovelace", "x"]
    assert plan(*both, x="a1") == AdoptionPlan({"x": "a1"})
    assert plan(*both, x="").adopted == {"Ada Lovelace": "a1"} or plan(*both, x="").questions


def test_an_entry_on_record_adopts_nobody() -> None:
    """It may have work of its own; and once it is on record, nobody is asked again."""
    assert plan(named("Ada Lovelace"), KnownStudent("a1")) == AdoptionPlan({})
    assert plan(named("Liz Meyer"), KnownStudent("e1", "Elisabeth Meyer")) == AdoptionPlan({})


@pytest.mark.parametrize(
    ("decisions", "why"),
    [
        ({"eve": "a1"}, "'eve' is not a student on record who is known by name only"),
        ({"ada": "b9"}, "'b9' is not an id of the roster"),
        ({"ada": "l1"}, "'l1' is on record already"),
        ({"ada": "a1", "bob": "a1"}, "'a1' can't adopt two students"),
    ],
)
def test_impossible_decisions(decisions: dict[str, str], why: str) -> None:
    """A decision about nobody, for nobody, or twice, is refused."""
    with pytest.raises(UsageError, match=why):
        plan(named("ada"), named("bob"), KnownStudent("l1", "Li"), **decisions)


def test_decisions_are_pairs() -> None:
    """`NAME=ID`, the last `=` divides; an empty id is nobody; the same decision twice is one, also in a later run."""
    assert parse_adoptions(["a = b=c1", "d=", "d="]) == {"a = b": "c1", "d": ""}
    assert plan(KnownStudent("e1", "Elisabeth Meyer"), **{"Liz Meyer": "e1"}) == AdoptionPlan({})
    for bad in (["a"], ["=a"], ["a=1", "a=2"]):
        with pytest.raises(UsageError):
            parse_adoptions(bad)
