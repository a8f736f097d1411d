"""Write a course's release as files; the same course gives the same bytes.

No code of a check is released. A visible property (`holds`) is released as the form of its answer, without points. A
visible rule of the author (about drawings, experiments and variables) is released as a check that the variables exist,
without points; if it calls functions, it is left out. The form of a choice, a matching, a line of code, a drawing, a
curve or a text is data and released completely, without the right answer.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from grader.core.judging.reference_data import Case, ReferenceData, compute_reference_data
from grader.core.questions.checks import AnyCheck, Check, list_parameters
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.kinds.kind import CheckExport
from grader.core.questions.question import Mistake, Question
from grader.core.text.language import ENGLISH, Language
from grader.core.wire.job import Limits
from grader.course.bundle.diagnosis_data import compute_confirmation, compute_traces
from grader.course.bundle.feedback_rules import dump_feedback_rules
from grader.course.bundle.format import CHECKS_FOLDER, FORMAT_VERSION, MANIFEST_PATH, dump_message
from grader.course.bundle.percent_script import render_percent_script
from grader.course.bundle.portable_values import JsonNode, UnsupportedValueError, ValuePacker, pack_npz
from grader.course.bundle.release_readme import render_readme
from grader.course.exercise_files import read_given_modules
from grader.course.templates import build_templates, collect_helper_modules
from grader.version import WHEEL_NAME


def render_bundle(
    course: Course, secret: bytes, language: Language = ENGLISH, *, program: bytes | None = None
) -> dict[str, bytes]:
    """Return all files of a release by path: templates, README, and in `checks/` the data for `grader check`.

    `program` is the program's wheel, if it is to lie beside the exercises. Raises CourseError if the course's own code
    fails.
    """
    files = {name.removeprefix("exercises/"): data for name, data in build_templates(course).items()}
    modules = {name: files[name] for name in list_helper_files(course)}
    for exercise in course.exercises:
        if not exercise.files:
            files[f"{exercise.name}.py"] = render_percent_script(exercise)
        packer = ValuePacker()
        described = _exercise(exercise, _compute_released_data(exercise, secret), packer)
        description, arrays = _list_check_files(exercise)
        files[description], files[arrays] = _json(described), pack_npz(packer.arrays)
    files[MANIFEST_PATH] = _render_manifest(course, files, modules)
    files["README.md"] = render_readme(course, language, with_program=program is not None).encode()
    if program is not None:
        files[WHEEL_NAME] = program
    return dict(sorted(files.items()))


def _compute_released_data(exercise: Exercise, secret: bytes) -> ReferenceData:
    """Return the reference data of visible checks, with what explanations need."""
    visible = compute_reference_data(exercise, secret, visible_only=True)
    return replace(visible, confirmation=compute_confirmation(exercise), traces=compute_traces(exercise, visible))


def select_exercise(
    course: Course, exercise: Exercise, files: Mapping[str, bytes], language: Language = ENGLISH
) -> dict[str, bytes]:
    """Return the release of one exercise out of a course's whole release: the same files, except for two.

    The manifest and the README name this exercise alone. Its helper modules come from the whole release: they lack the
    functions that any exercise asks for.
    """
    modules = {name: files[name] for name in list_helper_files(course, [exercise])}
    own = (*list_exercise_files(exercise, files), *_list_check_files(exercise))
    data = (file.name for file in exercise.data_files)
    chosen = {name: files[name] for name in (*own, *data)} | modules
    alone = replace(course, exercises=(exercise,))
    chosen[MANIFEST_PATH] = _render_manifest(alone, chosen, modules)
    if WHEEL_NAME in files:
        chosen[WHEEL_NAME] = files[WHEEL_NAME]
    chosen["README.md"] = render_readme(alone, language, with_program=WHEEL_NAME in files).encode()
    return dict(sorted(chosen.items()))


def list_exercise_files(exercise: Exercise, files: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of what an exercise asks for and gives, among those of a release."""
    if not exercise.files:
        return f"{exercise.name}.ipynb", f"{exercise.name}.py"
    return tuple(sorted(name for name in files if name.startswith(f"{exercise.name}/")))


def list_helper_files(course: Course, exercises: Iterable[Exercise] | None = None) -> tuple[str, ...]:
    """Return the paths of the helper modules in a release of these exercises; None: of all."""
    return tuple(f"{name.replace('.', '/')}.py" for name in collect_helper_modules(course, exercises))


def _list_check_files(exercise: Exercise) -> tuple[str, str]:
    return f"{CHECKS_FOLDER}/{exercise.name}.json", f"{CHECKS_FOLDER}/{exercise.name}.npz"


def _render_manifest(course: Course, files: Mapping[str, bytes], modules: Mapping[str, bytes]) -> bytes:
    """Return the manifest of a release of these exercises; `modules` are the helper modules by path."""
    return _json(
        {
            "format": FORMAT_VERSION,
            "title": course.title,
            "version": course.version,
            "language": course.language,
            "written": course.source_language,
            "translations": _translations(course, files),
            "exercises": [exercise.name for exercise in course.exercises],
            "packages": list(course.packages),
            "modules": {name.removesuffix(".py").replace("/", "."): text.decode() for name, text in modules.items()},
        }
    )


def _translations(course: Course, files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Return the course's translations of the texts in a release: titles, sentences of visible checks, hints."""
    texts = _texts([json.loads(files[f"{CHECKS_FOLDER}/{exercise.name}.json"]) for exercise in course.exercises])
    texts |= {course.title}
    return {
        code: {text: words for text in sorted(texts) if (words := catalogue.translate(text)) is not None}
        for code, catalogue in course.translations.items()
    }


def _texts(node: JsonNode) -> set[str]:
    """Return all titles, sentences and hints in the description of exercises."""
    if isinstance(node, list):
        return {text for item in node for text in _texts(item)}
    if not isinstance(node, dict):
        return set()
    own = {node[key] for key in ("title", "says", "hint") if isinstance(node.get(key), str)}
    return own | _texts([node[key] for key in ("questions", "checks", "mistakes") if key in node])


def _json(data: JsonNode) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _exercise(exercise: Exercise, visible: ReferenceData, packer: ValuePacker) -> JsonNode:
    described = {
        "title": exercise.title,
        "limits": _limits(exercise.limits),
        **({"data": [file.name for file in exercise.data_files]} if exercise.data_files else {}),
        "feedback": dump_feedback_rules(exercise.feedback),
        "questions": [_question(exercise, question, visible, packer) for question in exercise.questions],
    }
    if exercise.aliases:
        described |= {"aliases": list(exercise.aliases)}
    if exercise.files:
        described |= {
            "files": list(exercise.files),
            "files_by_name": dict(exercise.files_by_name),
            "modules": read_given_modules(exercise.folder, exercise.files),
        }
    return described


def _limits(limits: Limits) -> JsonNode:
    """Return the limits; that of sleep only if it is unusual, because older versions don't know it."""
    data = asdict(limits)
    known = {name: value for name, value in data.items() if name != "sleep"}
    return known if Limits().with_changes(known) == limits else data


def _question(exercise: Exercise, question: Question, visible: ReferenceData, packer: ValuePacker) -> JsonNode:
    checks, left_out = [], 0
    for check in question.checks:
        if check.hidden:
            continue
        exported = _export_check(question, check, visible)
        left_out += exported is None or not exported.is_whole
        if exported is None:
            continue
        try:
            described = _describe_check(check, exported, visible.cases.get((question.id, check.name)), packer)
        except UnsupportedValueError:
            left_out += exported.is_whole
            continue
        checks.append(described | _describe_diagnosis((question.id, check.name), visible, packer))
    cases = [case for (owner, _), made in visible.cases.items() if owner == question.id for case in made]
    names = {name for case in cases for name in case.mistakes}
    blanks = {mistake.name: _list_given_blanks(mistake) for mistake in question.mistakes if mistake.name in names}
    blanks = {name: given for name, given in blanks.items() if given}
    return {
        "id": question.id,
        "kind": str(question.kind),
        "title": question.title,
        "function": question.function,
        "parameters": list(list_parameters(question.reference)),
        "judges_in_place": question.judges_in_place,
        "limits": dict(question.limits),
        "variables": list(question.variables),
        "mistakes": [_mistake(mistake) for mistake in question.mistakes if mistake.name in names],
        "checks": checks,
        "left_out": left_out,
    } | ({"blanks": blanks} if blanks else {})


def _mistake(mistake: Mistake) -> JsonNode:
    return {"name": mistake.name, "hint": mistake.hint, "of": mistake.of, "convention": mistake.convention}


def _list_given_blanks(mistake: Mistake) -> list[str]:
    """Return the names of the blanks that a mistake fills wrongly, if students are given all of them."""
    given = all(filling.is_given for filling in mistake.fillings)
    return [filling.name for filling in mistake.fillings] if given else []


def _export_check(question: Question, check: AnyCheck, visible: ReferenceData) -> CheckExport | None:
    """Return the export of a visible check by its kind; None if nothing of it can be released."""
    if isinstance(check, Check):
        check = replace(check, reference=question.reference_of(check))
    return question.kind.export_check(check, visible.probes.get((question.id, check.name)))


def _describe_check(
    check: AnyCheck, exported: CheckExport, cases: tuple[Case, ...] | None, packer: ValuePacker
) -> JsonNode:
    """Return a check as data, with its cases if it has any. Raises UnsupportedValueError."""
    described = {"name": check.name, "says": dump_message(check.says), "points": check.points, **exported.data}
    return described if cases is None else described | {"cases": [_pack_case(case, packer) for case in cases]}


def _describe_diagnosis(key: tuple[str, str], visible: ReferenceData, packer: ValuePacker) -> dict[str, JsonNode]:
    """Return what explanations need: further cases and local variables; nothing where a value can't be written."""
    data: dict[str, JsonNode] = {}
    with contextlib.suppress(UnsupportedValueError):
        if cases := visible.confirmation.get(key):
            data["confirmation"] = [_pack_case(case, packer) for case in cases]
    with contextlib.suppress(UnsupportedValueError):
        if traces := visible.traces.get(key):
            data["traces"] = [[[name, packer.pack(value)] for name, value in trace] for trace in traces]
    return data


def _pack_case(case: Case, packer: ValuePacker) -> JsonNode:
    return {
        "args": [packer.pack(arg) for arg in case.args],
        "expected": packer.pack(case.expected),
        "mistakes": {name: packer.pack(value) for name, value in case.mistakes.items()},
    }
