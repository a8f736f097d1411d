"""Questions that ask for functions or variables, compared with the author's own or judged by an author's rule."""

from dataclasses import asdict
from typing import Final

from grader.core.compare.tensors import Tolerance
from grader.core.questions.checks import AnyCheck, Check, Output, Probe, list_parameters
from grader.core.questions.kinds.kind import CheckExport, CheckImport, PlainData, QuestionKind
from grader.core.questions.stubs import make_stub_function, raise_no_course_code
from grader.core.text.messages import as_message, gettext
from grader.core.wire.assignment_target import FlowRole


class _CodeKind(QuestionKind):
    """The kind whose checks call functions. The tensors of their cases are packed in addition to this export."""

    def export_check(self, check: AnyCheck, probe: Probe | None) -> CheckExport | None:
        """Return a check of a function without its code; of a property (`holds`) only the form is checked."""
        if not isinstance(check, Check):
            return super().export_check(check, probe)
        only_form = check.holds is not None
        data = {
            "limits": dict(check.limits),
            "function": check.function,
            "parameters": list(list_parameters(check.reference)),
            "output": asdict(check.output),
            "tolerance": asdict(check.tolerance),
            "only_form": only_form,
        }
        if check.is_of_class:
            data |= {"parameters": list(check.parameters), "method": check.method, "is_of_class": True}
        return CheckExport(data, is_whole=not only_form)

    def load_check(self, read: CheckImport) -> AnyCheck:
        """Return the check with functions that can't be called."""
        data = read.data
        if "form" in data:
            return super().load_check(read)
        says, points = read.says, read.points
        if data["only_form"]:
            says = gettext("{says} (Here only shape and kind of numbers are looked at.)", says=as_message(says))
            points = 0.0
        return Check(
            name=read.name,
            says=says,
            points=points,
            inputs=raise_no_course_code,
            repeat=len(data["cases"]),
            output=_load_output(data["output"]),
            tolerance=Tolerance(**data["tolerance"]),
            holds=_accept_any if data["only_form"] else None,
            limits=data["limits"],
            function=data["function"],
            reference=make_stub_function(data["parameters"]),
            parameters=tuple(data["parameters"]) if data.get("is_of_class") else (),
            method=data.get("method", ""),
        )


def _load_output(data: PlainData) -> Output:
    role = data.get("role")  # releases of earlier versions have none
    loaded = FlowRole(tuple(role["feeds"]), tuple(role["reads"])) if role else None
    return Output(**{**data, "path": tuple(data["path"]), "role": loaded})


def _accept_any(value: object, *args: object) -> None:
    """Accept any value, in place of a property that isn't in a release."""


KIND: Final = _CodeKind("code", gettext("code"), "Functions or variables are written, and compared or judged.")
