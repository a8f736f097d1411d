"""Templates are complete notebooks with blanks, reproducible, and contain nothing of an answer."""

import ast
import json
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import (
    build_templates,
    make_mistaken_submission,
    make_solved_submission,
    make_untouched_submission,
    mistake_source,
    read_source_cells,
    render_template_notebook,
    write_templates,
)


@pytest.fixture(scope="module")
def course() -> Course:
    """Return the bundled course."""
    return load_course(bundled_course_folder())


def test_committed_templates_are_up_to_date(course: Course) -> None:
    """The notebooks in exercises/ equal the ones made from the solutions, byte for byte."""
    for name, data in build_templates(course).items():
        assert (bundled_course_folder() / name).read_bytes() == data, f"{name}: run grader build"


def test_build_is_deterministic(course: Course) -> None:
    """Two builds, each with a newly loaded course, give the same bytes."""
    assert build_templates(course) == build_templates(load_course(bundled_course_folder()))


def test_notebooks_are_valid(course: Course) -> None:
    """Every template is a valid notebook of nbformat 4.5 with unique cell ids, for a Python 3 kernel."""
    for exercise in course.exercises:
        notebook = json.loads(build_templates(course)[f"exercises/{exercise.name}.ipynb"])
        nbformat.validate(notebook)
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        assert notebook["metadata"]["grader"] == {"exercise": exercise.name}
        assert notebook["metadata"]["kernelspec"]["name"] == "python3"
        assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


def test_cells_name_their_question(course: Course) -> None:
    """A question's cell carries its id and the ids of its blanks; no other metadata is written."""
    notebook = json.loads(build_templates(course)["exercises/gradient_descent.ipynb"])
    marked = [cell["metadata"] for cell in notebook["cells"] if cell["metadata"]]
    assert {"grader": {"question": "update_step", "blanks": ["update_step.1"]}} in marked


def answers(course: Course) -> list[str]:
    """Return the solutions' text behind each blank, found in the raw text independently of the parser."""
    found: list[str] = []
    for exercise in course.exercises:
        text = (Path(exercise.folder) / "solution.py").read_text()
        found += re.findall(r"(?:return |\w\"?\]? [-+*/]?= )((?:(?!  # blank).)+)  # blank: ", text)
        found += re.findall(r"^ *(.+?)  # blank-line: ", text, re.MULTILINE)
        found += re.findall(r"### BEGIN SOLUTION\n(.+?)\n[ #]*### END SOLUTION", text, re.DOTALL)
    return found


def test_no_answer_is_released(course: Course) -> None:
    """No answer of any exercise occurs in any template or in a helper module for students."""
    held = answers(course)
    assert len(held) == sum(len(cell.blanks) for e in course.exercises for cell in read_source_cells(e))
    telling = [answer for answer in held if not answer.isidentifier()]  # a single name such as `u` occurs anywhere
    assert len(telling) > len(held) / 2
    public = [data.decode() for data in build_templates(course).values()]
    for text in public:
        plain = re.sub(r"\s|\\", "", text)
        for answer in telling:
            assert re.sub(r"\s", "", answer) not in plain


def test_no_check_and_no_mistake_is_released(course: Course) -> None:
    """No name or sentence of a check or a mistake occurs in a template."""
    for exercise in course.exercises:
        text = build_templates(course)[f"exercises/{exercise.name}.ipynb"].decode()
        for question in exercise.questions:
            for private in (*(str(c.says) for c in question.checks), *(m.hint for m in question.mistakes)):
                assert private not in text


def test_code_cells_stay_valid(course: Course) -> None:
    """With its blanks, every code cell can still be parsed."""
    for exercise in course.exercises:
        for cell in make_untouched_submission(exercise).cells:
            if cell.kind == "code":
                ast.parse(cell.source)


def test_untouched_submission_equals_the_notebook(course: Course) -> None:
    """The untouched program has the cells of the notebook, in order, with their questions."""
    exercise = course.exercise("losses")
    notebook = json.loads(build_templates(course)["exercises/losses.ipynb"])
    program = make_untouched_submission(exercise)
    assert program.exercise == "losses"
    assert [c.source for c in program.cells] == [
        "".join(c["source"]) for c in notebook["cells"] if "check" not in c["metadata"].get("grader", {})
    ]
    assert [c.label for c in program.cells] == [f"cell {n + 1}" for n in range(len(program.cells))]
    assert list(dict.fromkeys(c.question for c in program.cells if c.question)) == [q.id for q in exercise.questions]


def namespace(program: ParsedSubmission) -> dict[str, object]:
    """Return the variables that a program's code cells leave behind."""
    names: dict[str, object] = {}
    for cell in program.cells:
        if cell.kind == "code":
            exec(cell.source, names)
    return names


def test_solved_program(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """The solved program runs from top to bottom, prints its results, and keeps the hints."""
    program = make_solved_submission(course.exercise("losses"))
    softmax = namespace(program)["softmax"]
    assert np.allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625])  # type: ignore[operator]  # a function
    assert capsys.readouterr().out.count("0.4904") == 2
    assert all("# blank" not in cell.source and "____" not in cell.source for cell in program.cells[1:])


def test_program_with_a_mistake(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake replaces its question's function; the rest of the solution stays."""
    exercise = course.exercise("losses")
    program = make_mistaken_submission(exercise, {"softmax": "whole_batch"})
    changed = [
        n for n, (a, b) in enumerate(zip(program.cells, make_solved_submission(exercise).cells, strict=True)) if a != b
    ]
    assert [program.cells[n].question for n in changed] == ["softmax"]
    softmax = namespace(program)["softmax"]
    assert np.isclose(np.sum(softmax(np.ones((4, 3)))), 1)  # type: ignore[operator]  # a function
    assert "whole_batch" not in program.cells[changed[0]].source


def test_mistake_source(course: Course) -> None:
    """A mistake's source is like a student's: the function's name, without decorator and hint."""
    softmax = course.exercise("losses").question("softmax")
    assert softmax
    mistake = next(m for m in softmax.mistakes if m.name == "along_the_batch")
    assert mistake_source(mistake, "softmax") == (
        "def softmax(u):\n    powers = np.exp(u - np.max(u, axis=0))\n    return powers / np.sum(powers, axis=0)"
    )


def test_unknown_mistake(course: Course) -> None:
    """The error for an unknown mistake names it."""
    for question, name in (("softmax", "nothing"), ("nothing", "whole_batch")):
        with pytest.raises(UsageError, match=rf"losses has no known mistake {question}\.{name}"):
            make_mistaken_submission(course.exercise("losses"), {question: name})


def test_only_changed_templates_are_written(course_folder: Path) -> None:
    """A second write of the same course writes nothing; an edited solution is written again completely."""
    course = load_course(course_folder)
    file = course_folder / "exercises" / "doubling.ipynb"
    assert write_templates(course, course_folder) == [file]
    os.utime(file, (1, 1))
    assert write_templates(course, course_folder) == []
    assert file.stat().st_mtime == 1
    solution = course_folder / "reference" / "doubling" / "solution.py"
    solution.write_text(solution.read_text().replace("# Doubling", "# Twice as much"))
    assert write_templates(load_course(course_folder), course_folder) == [file]
    assert "Twice as much" in file.read_text()
    assert [f.name for f in file.parent.iterdir()] == ["doubling.ipynb"]


def test_failed_write_leaves_the_old_file(course_folder: Path) -> None:
    """If the new file can't replace the old one, no temporary file is left."""
    folder = course_folder / "exercises"
    (folder / "doubling.ipynb" / "in the way").mkdir(parents=True)
    with pytest.raises(OSError):
        write_templates(load_course(course_folder), course_folder)
    assert [f.name for f in folder.iterdir()] == ["doubling.ipynb"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            'question="twice"',
            'question="thrice"',
            r"solution\.py:7: there is no question 'thrice'; choose one of: twice",
        ),
        ('# %% question="twice"', "# %%", r"solution\.py:9: this blank is not in the cell of a question"),
        ("  # blank: x and x", "", r"solution\.py:7: question twice: it has no blank"),
    ],
)
def test_cell_that_does_not_fit(course_folder: Path, right: str, wrong: str, said: str) -> None:
    """A cell of an unknown question, and a question without a blank, are reported with file and line."""
    solution = course_folder / "reference" / "doubling" / "solution.py"
    solution.write_text(solution.read_text().replace(right, wrong))
    with pytest.raises(CourseError, match=said):
        build_templates(load_course(course_folder))


def test_question_without_a_cell(course_folder: Path) -> None:
    """The error for a question without a cell says what to write."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    more = text[text.index("twice = ") :].replace('"twice"', '"more"').replace("twice = ", "more = ")
    checks.write_text(text + more.replace("@twice", "@more"))
    with pytest.raises(CourseError, match='question more: its cell is missing: write # %% question="more"'):
        build_templates(load_course(course_folder))


def test_question_in_prose_without_a_cell(course_folder: Path) -> None:
    """Its cell is one of text."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    question = 'why = text_question("why", title="Why", points=1, rubric={"So": 1}, ideal="So.")'
    checks.write_text(f"{checks.read_text()}\nfrom grader.authoring import text_question\n\n{question}\n")
    with pytest.raises(CourseError, match=r'cell is missing: write # %% \[markdown\] question="why" above its cell'):
        build_templates(load_course(course_folder))


def test_each_question_can_check_itself(course: Course) -> None:
    """Behind the last cell of each question that isn't prose a cell checks it; without the setting there is none."""
    exercise = course.exercise("losses")
    cells = json.loads(render_template_notebook(exercise, check_cells=True))["cells"]
    grader = [cell["metadata"].get("grader", {}) for cell in cells]
    checked = {g["check"]: n for n, g in enumerate(grader) if "check" in g}
    assert list(checked) == [q.id for q in exercise.questions if not q.kind.is_prose]
    for question, number in checked.items():
        assert "".join(cells[number]["source"]) == f'from grader import check\n\ncheck("{question}")'
        assert grader[number - 1]["question"] == question
        assert question not in [g.get("question") for g in grader[number:]]
    assert b'"check"' not in render_template_notebook(exercise)
