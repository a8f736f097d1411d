"""What students get of a course, as files: the same course, the same bytes.

Of a check's own code nothing can be handed out: a visible property (`holds`) goes as the form of its answer, without
points; a visible rule of an author's own (of drawings, experiments and variables) as whether there is something to look
at, without points; where it calls functions it is left out. The form of a choice, a
matching, a line of code, a drawing, a curve or a text is data and goes whole, the right answer never.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from grader.core.judging.reference_data import Case, ReferenceData, compute_reference_data, list_parameters
from grader.core.questions.checks import AnswerCheck, AnyCheck, Check, Probe, TextCheck
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.kinds.choice import ChoiceRule, MatchingRule
from grader.core.questions.kinds.code_reading import CodeReadingRule
from grader.core.questions.kinds.text_answer import TextAnswerRule
from grader.core.questions.question import Kind, Mistake, Question
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import gettext
from grader.core.wire.job import Read
from grader.course.bundle.format import CHECKS_FOLDER, FORMAT_VERSION, MANIFEST_PATH, dump_message
from grader.course.bundle.percent_script import render_percent_script
from grader.course.bundle.portable_values import JsonNode, NotPortable, ValuePacker, pack_npz
from grader.course.templates import build_templates


def render_bundle(course: Course, secret: bytes, language: Language = ENGLISH) -> dict[str, bytes]:
    """All files of a release by path: templates, README, and in `checks/` what `grader check` needs.

    Raises CourseError where the course's own code fails.
    """
    made = {name.removeprefix("exercises/"): data for name, data in build_templates(course).items()}
    modules = {name.removesuffix(".py").replace("/", "."): text for name, text in made.items() if name.endswith(".py")}
    for exercise in course.exercises:
        made[f"{exercise.name}.py"] = render_percent_script(exercise)
        packer = ValuePacker()
        described = _exercise(exercise, compute_reference_data(exercise, secret, visible_only=True), packer)
        made[f"{CHECKS_FOLDER}/{exercise.name}.json"] = _json(described)
        made[f"{CHECKS_FOLDER}/{exercise.name}.npz"] = pack_npz(packer.arrays)
    made[MANIFEST_PATH] = _json(
        {
            "format": FORMAT_VERSION,
            "title": course.title,
            "version": course.version,
            "language": course.language,
            "written": course.written,
            "translations": _translations(course, made),
            "exercises": [exercise.name for exercise in course.exercises],
            "packages": list(course.packages),
            "modules": {name: text.decode() for name, text in modules.items()},
        }
    )
    made["README.md"] = _readme(course, language).encode()
    return dict(sorted(made.items()))


def _translations(course: Course, made: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """What of the course's catalogues a release speaks of: titles, sentences of visible checks, hints that it holds."""
    told = _texts([json.loads(made[f"{CHECKS_FOLDER}/{exercise.name}.json"]) for exercise in course.exercises])
    told |= {course.title}
    return {
        code: {text: words for text in sorted(told) if (words := catalogue.translate(text)) is not None}
        for code, catalogue in course.translations.items()
    }


def _texts(node: JsonNode) -> set[str]:
    """All titles, sentences and hints in what describes exercises."""
    if isinstance(node, list):
        return {text for item in node for text in _texts(item)}
    if not isinstance(node, dict):
        return set()
    own = {node[key] for key in ("title", "says", "hint") if isinstance(node.get(key), str)}
    return own | _texts([node[key] for key in ("questions", "checks", "mistakes") if key in node])


def _json(data: JsonNode) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _exercise(exercise: Exercise, visible: ReferenceData, packer: ValuePacker) -> JsonNode:
    return {
        "title": exercise.title,
        "limits": asdict(exercise.limits),
        "questions": [_question(exercise, question, visible, packer) for question in exercise.questions],
    }


def _question(exercise: Exercise, question: Question, visible: ReferenceData, packer: ValuePacker) -> JsonNode:
    checks, left_out = [], 0
    for check in question.checks:
        if check.hidden:
            continue
        described = _check(question, check, visible, packer)
        left_out += described is None or not _is_whole(described)
        if described is not None:
            checks.append(described)
    cases = [case for (owner, _), made in visible.cases.items() if owner == question.id for case in made]
    told = {name for case in cases for name in case.mistakes}
    return {
        "id": question.id,
        "kind": str(question.kind),
        "title": question.title,
        "function": question.function,
        "parameters": list(list_parameters(question.reference)),
        "judges_in_place": question.judges_in_place,
        "limits": dict(question.limits),
        "variables": list(question.variables),
        "mistakes": [_mistake(mistake) for mistake in question.mistakes if mistake.name in told],
        "checks": checks,
        "left_out": left_out,
    }


def _is_whole(described: JsonNode) -> bool:
    """The check says here what it says in grading."""
    present: bool = described.get("form", {}).get("kind") == "present"
    return not present and not described.get("only_form")


def _mistake(mistake: Mistake) -> JsonNode:
    return {"name": mistake.name, "hint": mistake.hint, "of": mistake.of, "convention": mistake.convention}


def _check(question: Question, check: AnyCheck, visible: ReferenceData, packer: ValuePacker) -> JsonNode | None:
    """A visible check as data; None where nothing of it can be handed out."""
    common = {"name": check.name, "says": dump_message(check.says), "points": check.points}
    if isinstance(check, TextCheck):
        return common | _prose(check) if isinstance(getattr(check.rule, "__self__", None), TextAnswerRule) else None
    if isinstance(check, AnswerCheck):
        asked = visible.probes[question.id, check.name]
        form = _form(question, check, asked) or _presence(asked)
        return form and common | {"limits": dict(check.limits), "form": form}
    try:
        return common | _comparison(question, check, visible.cases[question.id, check.name], packer)
    except NotPortable:
        return None


def _comparison(question: Question, check: Check, cases: tuple[Case, ...], packer: ValuePacker) -> dict[str, JsonNode]:
    return {
        "limits": dict(check.limits),
        "function": check.function,
        "parameters": list(list_parameters(question.reference_of(check))),
        "output": asdict(check.output),
        "tolerance": asdict(check.tolerance),
        "only_form": check.holds is not None,
        "cases": [
            {
                "args": [packer.pack(arg) for arg in case.args],
                "expected": packer.pack(case.expected),
                "mistakes": {name: packer.pack(value) for name, value in case.mistakes.items()},
            }
            for case in cases
        ],
    }


def _prose(check: TextCheck) -> dict[str, JsonNode]:
    prose: Any = check.rule
    limits: TextAnswerRule = prose.__self__
    rule = "length" if prose.__func__ is TextAnswerRule.check_length else "content"
    return {"prose": {"rule": rule, "most_lines": limits.most_lines, "most_words": limits.most_words}}


def _form(question: Question, check: AnswerCheck, asked: Probe) -> JsonNode | None:
    """What the form of an answer is, without the right one."""
    if question.kind is Kind.DRAWING and check.name == "form":
        return {"kind": "drawing", "variables": list(question.variables[:1])}
    if question.kind is Kind.EXPERIMENT and check.name == "form":
        return {"kind": "curves", "variables": [action.name for action in asked.actions]}  # type: ignore[union-attr]
    match getattr(asked.rule, "__self__", None):
        case ChoiceRule() as rule if check.name == "form":
            return {
                "kind": "choice",
                "variables": [rule.variable],
                "options": dict(rule.options),
                "several": rule.several,
            }
        case MatchingRule() as rule if check.name == "form":
            return {
                "kind": "matching",
                "variables": [rule.variable],
                "items": dict(rule.items),
                "options": dict(rule.options),
            }
        case CodeReadingRule() as rule if check.name == "form":
            return {"kind": "reading", "variables": [rule.variable], "several": rule.several}
    return None


def _presence(asked: Probe) -> JsonNode | None:
    """Which variables a rule looks at; None where it asks for more than variables."""
    names = [action.name for action in asked.actions if isinstance(action, Read)]
    return {"kind": "present", "variables": names} if len(names) == len(asked.actions) else None


def _readme(course: Course, language: Language) -> str:
    rows = "\n".join(f"| `{e.name}.ipynb`, `{e.name}.py` | {language(e.title)} |" for e in course.exercises)
    first = course.exercises[0].name
    question = language(gettext('"QUESTION", function'))
    return "\n".join(
        (
            f"# {language(course.title)}\n",
            f"| {language(gettext('file'))} | {language(gettext('exercise'))} |\n|---|---|\n{rows}\n",
            language(
                gettext(
                    "Each exercise is there as a notebook and as a script; hand in one of the two. "
                    "Fill in every `____`, and save.\nThen ask how far you are:"
                )
            ),
            f"\n```sh\ngrader check {first}.ipynb\n```\n",
            language(
                gettext(
                    "`grader check --watch {file}` asks again whenever you save, `--lang` chooses the language. "
                    "In a cell of the\nnotebook you can ask of one function:",
                    file=f"{first}.ipynb",
                )
            ),
            f"\n```python\nfrom grader import check\n\ncheck({question})\n```\n",
            language(
                gettext(
                    "Keep the folder `checks` beside the notebooks: it holds what is compared with. Some requirements "
                    "are looked at only when\nyour work is graded, so that all that is green here is not yet "
                    "everything. Nothing is recorded or sent."
                )
            )
            + "\n",
        )
    )
