"""A kind of question: its name and label, and the part of its checks that a release contains.

Each kind is the constant `KIND` of a module in this folder; `registry` finds them all. An answer that is data has two
rules: its form, which doesn't know the right answer and is released completely, and a second one that scores it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from grader.core.questions.checks import AnswerCheck, AnyCheck, Probe
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike, as_message, gettext
from grader.core.wire.job import Action, ActionResult, Read

PlainData = Mapping[str, Any]
"""Text, numbers, bools, None, and lists and dicts of these, which JSON can hold."""


@dataclass(frozen=True)
class FormRule(ABC):
    """Judge whether an answer in some variables can be read, regardless of whether it is right.

    `form_name` is its name in a release. If `is_whole` is false, it replaces a rule that can't be released.
    """

    form_name: ClassVar[str]
    is_whole: ClassVar[bool] = True
    variables: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The name of the first variable."""
        return self.variables[0]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions whose results the rule judges."""
        return tuple(Read(name) for name in self.variables)

    @property
    def author_texts(self) -> tuple[str, ...]:
        """The author's own sentences that a learner may read; they are translated with the course."""
        return ()

    @abstractmethod
    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        """Judge an answer."""

    def export_options(self) -> PlainData:
        """Return the arguments of `load` except the variables; they never include the right answer."""
        return {}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        """Return the exported rule. Raises LookupError, TypeError or ValueError for invalid data."""
        return cls(variables)

    def make_probe(self) -> Probe:
        """Return the probe that this rule judges."""
        return Probe(self.actions, self)


@dataclass(frozen=True)
class PresenceForm(FormRule):
    """Accept any values, in place of an author's own rule: the variables only have to exist."""

    form_name: ClassVar[str] = "present"
    is_whole: ClassVar[bool] = False

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        return RuleResult()


@dataclass(frozen=True)
class CheckExport:
    """A visible check as plain data. If `is_whole` is true, it gives the same result in a release as in grading."""

    data: PlainData
    is_whole: bool = True


@dataclass(frozen=True)
class CheckImport:
    """A check as it is read from a release; `data` is the export of its kind."""

    question: str
    name: str
    says: MessageLike
    points: float
    data: PlainData


@dataclass(frozen=True)
class QuestionKind:
    """A kind of question. `name` is its name in JSON and in the database, `label` on pages, `description` in the API.

    `forms` are the form rules of its answers. If `is_prose` is true, the answer is text in a markdown cell, and a
    person
    marks it.
    """

    name: str
    label: MessageLike
    description: str
    forms: tuple[type[FormRule], ...] = ()
    is_prose: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        return self.name

    def export_check(self, check: AnyCheck, probe: Probe | None) -> CheckExport | None:
        """Return the released part of a visible check; None if nothing of it can be released."""
        if not isinstance(check, AnswerCheck) or probe is None or (rule := _get_form(probe)) is None:
            return None
        form = {"kind": rule.form_name, "variables": list(rule.variables), **rule.export_options()}
        return CheckExport({"limits": dict(check.limits), "form": form}, rule.is_whole)

    def load_check(self, read: CheckImport) -> AnyCheck:
        """Return an exported check. Raises LookupError, TypeError or ValueError for damaged data."""
        form = read.data["form"]
        rule = self._find_form(form["kind"]).load(tuple(form["variables"]), form)
        says, points = read.says, read.points
        if not rule.is_whole:
            says = gettext("{says} (Here only whether it is there is looked at.)", says=as_message(says))
            points = 0.0
        return AnswerCheck(read.name, says, points, lambda rng: rule.make_probe(), limits=read.data["limits"])

    def _find_form(self, name: str) -> type[FormRule]:
        known: tuple[type[FormRule], ...] = (*self.forms, PresenceForm)
        for form in known:
            if form.form_name == name:
                return form
        raise ValueError(f"unknown form {name!r}")


def _get_form(probe: Probe) -> FormRule | None:
    """Return the released form rule of a probe; None if it reads more than variables."""
    if isinstance(probe.rule, FormRule):
        return probe.rule
    names = [action.name for action in probe.actions if isinstance(action, Read)]
    return PresenceForm(tuple(names)) if len(names) == len(probe.actions) else None
