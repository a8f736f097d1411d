"""A kind of question: its name and label, and what a release holds of its checks.

Each kind has a module in this folder, which calls it `KIND`; `registry` finds them all. An answer that is data has two
rules: its form, which knows nothing of the right answer and goes into a release whole, and another that scores it.
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
"""Text, numbers, bools, None, and lists and dicts of these: what JSON can hold."""


@dataclass(frozen=True)
class FormRule(ABC):
    """Judges whether an answer in some variables can be read, and says nothing of whether it is right.

    `form_name` is what a release calls it. Where it is not `is_whole`, it stands for a rule that can't be handed out.
    """

    form_name: ClassVar[str]
    is_whole: ClassVar[bool] = True
    variables: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The name of the first variable, where there is one."""
        return self.variables[0]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions whose results it judges."""
        return tuple(Read(name) for name in self.variables)

    @property
    def author_texts(self) -> tuple[str, ...]:
        """The author's own sentences that a learner may read: they are translated with the course."""
        return ()

    @abstractmethod
    def __call__(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        """The result of an answer."""

    def export_options(self) -> PlainData:
        """All that `load` needs beside the variables; never what is right."""
        return {}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        """The rule that was exported. Raises LookupError, TypeError or ValueError for anything else."""
        return cls(variables)

    def make_probe(self) -> Probe:
        """The probe that this rule judges."""
        return Probe(self.actions, self)


@dataclass(frozen=True)
class PresenceForm(FormRule):
    """Stands for an author's own rule about variables: they only have to be there."""

    form_name: ClassVar[str] = "present"
    is_whole: ClassVar[bool] = False

    def __call__(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        return RuleResult()


@dataclass(frozen=True)
class CheckExport:
    """A visible check as plain data. It is `is_whole` where it says in a release what it says in grading."""

    data: PlainData
    is_whole: bool = True


@dataclass(frozen=True)
class CheckImport:
    """A check as it is read from a release; `data` is what its kind exported."""

    question: str
    name: str
    says: MessageLike
    points: float
    data: PlainData


@dataclass(frozen=True)
class QuestionKind:
    """A kind of question. `name` is its name in JSON and in the database, `label` on pages, `description` in the API.

    `forms` are the form rules of its answers. `is_prose`: the answer is text in a markdown cell, which a person marks.
    """

    name: str
    label: str
    description: str
    forms: tuple[type[FormRule], ...] = ()
    is_prose: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        return self.name

    def export_check(self, check: AnyCheck, probe: Probe | None) -> CheckExport | None:
        """A visible check as a release holds it; None where nothing of it can be handed out."""
        if not isinstance(check, AnswerCheck) or probe is None or (rule := _get_form(probe)) is None:
            return None
        form = {"kind": rule.form_name, "variables": list(rule.variables), **rule.export_options()}
        return CheckExport({"limits": dict(check.limits), "form": form}, rule.is_whole)

    def load_check(self, read: CheckImport) -> AnyCheck:
        """The check that was exported. Raises LookupError, TypeError or ValueError where it is damaged."""
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
    """The form that a release holds for a probe; None where it asks for more than variables."""
    if isinstance(probe.rule, FormRule):
        return probe.rule
    names = [action.name for action in probe.actions if isinstance(action, Read)]
    return PresenceForm(tuple(names)) if len(names) == len(probe.actions) else None
