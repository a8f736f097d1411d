"""Every kind of question in one exercise, from the author's files through the real sandbox to a result."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.course.templates import build_templates, make_solved_submission, make_untouched_submission, write_templates
from grader.course.verify.course import Findings, collect_course_findings
from grader.feedback.pages import PageRenderer
from grader.grading.judge import Judge
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.store.tables.grading_rows import RESULT_COLUMNS, ColumnMapping, make_grading_row, make_result_rows
from grader.store.tables.grading_rows import build_grading as stored

SOLUTION = """\
# %%
import numpy as np
from common import functions

# %% [markdown] question="why"
# *question: why*
#
# ### BEGIN SOLUTION
# Because it is so.
# ### END SOLUTION

# %% question="chosen"
chosen = {"W", "b"}  # blank: which

# %% question="use"
use = {"sigmoid": {"hidden", "output"}, "relu": {"hidden"}}  # blank: where each is used

# %% question="lines"
lines = ["a = 1", "b = 2"]  # blank: the two lines

# %% question="net"
net = [2, 3, 1]  # blank: the sizes

# %% question="weights"
W = np.zeros((2, 3))  # blank: all zeros
u = np.dot(np.ones(2), W)

# %% question="both"
def half(x):
    return x / 2  # blank: half


def double(x):
    return 2 * x  # blank: double

# %% question="runs"
def forward(x):
    return np.sum(functions.square(x))  # blank: the sum of squares


def backward(x):
    return 2 * x  # blank: its derivative


# %% question="runs"
runs = {"losses": [forward(np.ones(2) / (n + 1)) for n in range(5)], "forward": forward, "backward": backward}
"""

CHECKS = """\
import numpy as np

from grader.authoring import (
    Network, call, choice_question, code_question, drawing_question, experiment_question, matching_question,
    reading_question, text_question, variables_question,
)

from . import solution

why = text_question("why", title="Why", points=2, rubric={"so": 2}, ideal="SECRET IDEAL")
chosen = choice_question(
    "chosen", title="Chosen", points=2, options={k: k for k in ("X", "W", "b", "u")}, right={"W", "b"}
)
use = matching_question(
    "use", title="Use", points=2, items={"sigmoid": "it", "relu": "it"}, options={"hidden": "h", "output": "o"},
    right={"sigmoid": {"hidden", "output"}, "relu": {"hidden"}},
)
lines = reading_question(
    "lines", title="Lines", points=2, right=["a = 1", "b = 2"], also={"c = 3": "Nothing uses it."}, several=True
)
net = drawing_question("net", title="Net", points=1, expected=Network(2, 3, 1))


@net.check(points=1)
def sizes(drawing):
    '''Its layers have 2, 3 and 1 nodes.'''
    return None if drawing.sizes == (2, 3, 1) else f"They have {drawing.sizes}."


weights = variables_question("weights", title="Weights", points=2)


@weights.check("W", points=1)
def zeros(W):
    '''All weights are 0.'''
    return float(np.mean(W == 0))


@weights.check("W", "u", points=1)
def total(W, u):
    '''The total input is right.'''
    return None if np.allclose(np.ones(2) @ W, u) else "It isn't."


both = code_question("both", title="Both", points=2, references=[solution.half, solution.double])


@both.check(of=solution.half, points=1)
def some(rng):
    '''Half of a number.'''
    return rng.normal()


@both.check(of=solution.double, points=1)
def some(rng):
    '''The double of a number.'''
    return rng.normal()


@both.mistake(of=solution.half)
def squared(x):
    '''You squared it.'''
    return x * x


@both.convention(of=solution.double)
def negative(x):
    '''You take the other sign.'''
    return -2 * x


runs = experiment_question("runs", title="Runs", points=2, variables=("runs",))


@runs.check(points=1)
def falls(runs):
    '''The loss falls.'''
    return None if runs["losses"][-1] < runs["losses"][0] else "It doesn't."


@runs.asks(points=1)
def belongs(rng):
    '''Backward is the derivative of forward.'''
    x, step = rng.normal(size=2), np.array([1e-5, 0.0])
    asked = [call("runs['forward']", x + step), call("runs['forward']", x - step), call("runs['backward']", x)]

    def judge(high, low, slope):
        wanted = (high - low) / 2e-5
        return None if abs(wanted - slope[0]) < 1e-4 else f"It is {slope[0]:.4g}, not {wanted:.4g}."

    return asked, judge
"""

FUNCTIONS = """\
def square(x):
    return x * x


def half(x):
    return x / 2


def quarter(x):
    return half(half(x))
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return the strongest sandbox of this machine."""
    with Sandbox(min_level=Level.SECCOMP) as running:
        yield running


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course of one exercise, `kinds`, with a question of every kind."""
    folder = tmp_path_factory.mktemp("course")
    exercise = folder / "reference" / "kinds"
    exercise.mkdir(parents=True)
    (exercise.parent / "common").mkdir()
    (exercise.parent / "common" / "functions.py").write_text(FUNCTIONS)
    (exercise.parent / "course.toml").write_text('title = "Kinds"\nexercises = ["kinds"]\n')
    (exercise / "solution.py").write_text(SOLUTION)
    (exercise / "checks.py").write_text(CHECKS)
    made = load_course(folder)
    write_templates(made, folder)
    return made


Grade = Callable[..., Grading]


@pytest.fixture
def grade(course: Course, sandbox: Sandbox) -> Grade:
    """Return a function that grades the solution with code appended to it."""

    def graded(more: str = "", program: ParsedSubmission | None = None, *, visible_only: bool = False) -> Grading:
        exercise = course.exercises[0]
        whole = program or make_solved_submission(exercise)
        cells = (*whole.cells, Cell(f"import numpy as np\n{more}", "code", "last"))
        judge = Judge(course, sandbox, b"secret", visible_only=visible_only)
        return judge.judge(exercise, ParsedSubmission(cells, exercise.name, whole.statement_by_statement))

    return graded


def result(grading: Grading, question: str) -> QuestionResult:
    """Return one question's result."""
    return next(found for found in grading.questions if found.id == question)


def said(grading: Grading, question: str) -> str:
    """Return all text that a learner reads about one question."""
    return " ".join(check_sentence(check) for check in result(grading, question).checks).strip()


def shown(course: Course, grading: Grading) -> Report:
    """Return a report of a grading."""
    return build_report(
        course.exercises[0], grading, SubmissionInfo("ada", 1, make_solved_submission(course.exercises[0]))
    )


def test_the_course_is_accepted(course: Course, sandbox: Sandbox) -> None:
    """The solution gets full marks except for prose, the template nothing; mistakes and conventions are recognised."""
    assert collect_course_findings(course, SandboxJudge(course, sandbox, b"secret")) == Findings()


def test_solution(grade: Grade) -> None:
    """Every point is earned except those of prose, which are pending."""
    grading = grade()
    assert (grading.score, grading.pending, grading.max_score) == (13.0, 2.0, 15.0)
    assert {check.verdict for question in grading.questions for check in question.checks} == {Verdict.PASSED}
    assert not grading.has_grader_error


def test_template(course: Course, grade: Grade) -> None:
    """Nothing is attempted, earned or pending, and each question says which answer it looked for."""
    grading = grade(program=make_untouched_submission(course.exercises[0]))
    assert {check.verdict for question in grading.questions for check in question.checks} == {Verdict.NOT_ATTEMPTED}
    assert (grading.score, grading.pending) == (0, 0)
    for name in ("chosen", "use", "lines", "net"):
        assert f"`{name}` is still a blank" in said(grading, name)
    assert "`question: why`" in said(grading, "why")


def test_nothing_at_all(grade: Grade) -> None:
    """For an empty notebook, each question says which answer it looked for, and where."""
    grading = grade(program=ParsedSubmission(()))
    for question, name in (("chosen", "chosen"), ("weights", "W"), ("both", "half"), ("runs", "runs['forward']")):
        assert f"`{name}` was not found: it does not exist" in said(grading, question)
    assert grading.score == grading.pending == 0


PARTS = [
    ("chosen", "chosen = ['W', 'b', 'X']", 1.0),
    ("chosen", "chosen = 'W'", 1.0),
    ("chosen", "chosen = np.array(['b', 'W'])", 2.0),
    ("chosen", "chosen = {'X', 'u'}", 0.0),
    ("use", "use = {'sigmoid': 'hidden', 'relu': ['hidden']}", 1.5),
    ("use", "use = dict(relu='hidden')", 1.0),
    ("lines", "lines = ['a=1', 'b  =  (2)  # two']", 2.0),
    ("lines", "lines = ['a=1', 'b=2', 'c=3']", 2.0),
    ("lines", "lines = 'a=1'", 1.0),
    ("net", "net = {'layers': [['p', 'q'], ['r', 's', 't'], ['v']]}", 1.0),
    ("net", "net = (2, 3, 2)", 0.0),
    ("weights", "W = np.array([[0, 0, 1.0], [0, 0, 0]]); u = np.ones(2) @ W", 1 + 5 / 6),
    ("weights", "u = 'none'", 1.0),
    ("both", "def half(x): return 0.5 * x\ndef double(x): return x", 1.0),
    ("runs", "runs['backward'] = lambda x: x", 1.0),
    ("runs", "runs['losses'] = [1.0, float('nan')]", 1.0),
]


@pytest.mark.parametrize(("question", "answer", "score"), PARTS)
def test_partial_credit(grade: Grade, question: str, answer: str, score: float) -> None:
    """Each kind is scored by its own rule, and no other question's score changes."""
    grading = grade(answer)
    assert result(grading, question).score == pytest.approx(score)
    others = [q for q in grading.questions if q.id != question]
    assert all(q.score + q.pending == q.max_score for q in others)


def test_mistakes_of_each_function(course: Course, grade: Grade) -> None:
    """A known mistake of one function is recognised there; a convention has a friendlier message and earns nothing."""
    grading = grade("def half(x): return x**2\ndef double(x): return -2 * x")
    assert [check.mistake for check in result(grading, "both").checks] == ["half_squared", "double_negative"]
    checks = next(q for q in shown(course, grading).questions if q.id == "both").checks
    assert [(check.convention, check.hint) for check in checks] == [
        (False, "You squared it."),
        (True, "You take the other sign."),
    ]
    assert "Another convention" in PageRenderer("Kinds").render_student_page(shown(course, grading))


def test_backward_of_another_forward(grade: Grade) -> None:
    """A judge of the results of calls says by how much they don't match."""
    told = said(grade("runs['backward'] = lambda x: np.cos(x)"), "runs")
    assert told.startswith("It is ")
    raised = grade("runs['backward'] = lambda x: x.nothing")
    assert result(raised, "runs").checks[-1].verdict is Verdict.RUNTIME_ERROR
    assert "Line 2 of your code" in said(raised, "runs")


def test_prose_that_is_too_long(course: Course, grade: Grade) -> None:
    """The check of the length reports an answer that is too long; a person still decides."""
    cells = tuple(
        Cell("question: why\nOne.\nTwo.\nThree.", "markdown", c.label, c.question) if c.question == "why" else c
        for c in make_solved_submission(course.exercises[0]).cells
    )
    found = result(grade(program=ParsedSubmission(cells)), "why")
    assert [check.verdict for check in found.checks] == [Verdict.WRONG_ANSWER, Verdict.PASSED]
    assert check_sentence(found.checks[0]) == "Your answer has 3 lines; the limit is 2."
    assert check_sentence(found.checks[1]) == "A person reads and marks this."
    assert (found.score, found.pending) == (0.0, 2.0)


def test_no_output_reveals_an_answer(course: Course, grade: Grade) -> None:
    """For any answer, neither JSON nor page reveals the right options, the rubric or the ideal answer."""
    wrong = "chosen = ['X']\nuse = {'sigmoid': 'output', 'relu': 'output'}\nlines = ['d = 4']"
    made = shown(course, grade(wrong))
    for question in ("chosen", "use", "lines"):
        _, right = next(q for q in made.questions if q.id == question).checks
        assert right.details is None
        assert right.message in (f"`{question}` is not what was expected.", f"`{question}` is partly right.")
    text = json.dumps(made.as_json()) + PageRenderer("Kinds").render_student_page(made)
    assert "SECRET IDEAL" not in text
    given = [q.checks[0].details.given for q in made.questions if q.id in ("chosen", "use") and q.checks[0].details]
    assert given == ["X", "sigmoid: output; relu: output"]


def test_own_run_shows_the_form_only(grade: Grade) -> None:
    """A student's own run says whether an answer can be read, and doesn't tell right from wrong."""
    right, wrong = (grade(answer, visible_only=True) for answer in ("chosen = {'W', 'b'}", "chosen = {'X', 'u'}"))
    for grading in (right, wrong):
        (form,) = result(grading, "chosen").checks
        assert (form.verdict, form.max_points) == (Verdict.PASSED, 0)
    assert "names `Q`" in said(grade("chosen = {'Q'}", visible_only=True), "chosen")


HOSTILE = [
    "'x' * 10_000_000",
    "'x' * 100_000",
    "['W'] * 50_000",
    "list(range(1_000_000))",
    "float('nan')",
    "-1",
    "10 ** 5000",
    "np.full((3000, 3000), np.nan)",
    "np.array([np.inf, -np.inf, np.nan])",
    "object()",
    "lambda: 1",
    "type('L', (list,), {'__len__': lambda self: 10**9, '__iter__': lambda self: iter(())})()",
    "type('D', (dict,), {'__getitem__': lambda self, key: 1 / 0})(W=1)",
    "type('S', (str,), {'__eq__': lambda *_: True, '__hash__': str.__hash__})('W')",
    "type('E', (), {'__eq__': lambda *_: True, '__hash__': lambda _: 0})()",
    "__import__('functools').reduce(lambda a, _: [a], range(5000), [])",
    "{n: n for n in range(1000)}",
    "{('a', 1): [[[{'x': ()}]]], None: None}",
    "'\\ud800\\x00'",
    "'(' * 19_000",
    "['-' * 10_000 + '1']",
    "b'W, b'",
    "[1e308] * 300 + [-1e308]",
    "[10 ** 400, 2]",
    "{'nodes': [f'n{i}' for i in range(200)], 'edges': [(f'n{i}', f'n{j}') for i in range(60) for j in range(60)]}",
    "{'nodes': ['<script>alert(1)</script>', '`x`'], 'edges': []}",
    "{'inputs': ['a'], 'outputs': {'b': float('nan'), 'c': 1e999}, 'winner': '</svg>'}",
    "{'losses': [0.0] * 3, 'forward': print, 'backward': 3}",
]


def rows_of(grading: Grading) -> tuple[ColumnMapping, list[ColumnMapping]]:
    """Return the stored rows of a grading."""
    results: list[ColumnMapping] = [dict(zip(RESULT_COLUMNS, one, strict=True)) for one in make_result_rows(1, grading)]
    return make_grading_row(1, grading, datetime.now(UTC)), results


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_answers(course: Course, grade: Grade, value: str) -> None:
    """For any value in the answers' variables there is a verdict per check, a page and a row, never a grader error."""
    names = ("chosen", "use", "lines", "net", "W", "u", "runs", "half", "double")
    grading = grade("\n".join(f"{name} = {value}" for name in names))
    assert not grading.has_grader_error
    for question in grading.questions:
        assert 0 <= question.score <= question.max_score
        for check in question.checks:
            sentence = check_sentence(check)
            assert len(sentence) < 3_000
            assert "\n" not in sentence
    assert result(grading, "why").pending == 2
    page = PageRenderer("Kinds").render_student_page(shown(course, grading))
    assert len(page) < 250_000
    assert "<script>" not in page
    row, rows = rows_of(grading)
    again = stored("kinds", row, rows)
    assert isinstance(again, Grading)
    assert [q.score for q in again.questions] == [q.score for q in grading.questions]
    assert sum(len(str(one["detail"])) for one in rows) < 500_000


def test_results_can_be_stored(grade: Grade) -> None:
    """A grading with drawings, curves and pending points is the same after storing and loading it."""
    grading = grade("runs['losses'] = [1.0, float('nan'), 0.5]")
    again = stored("kinds", *rows_of(grading))
    assert isinstance(again, Grading)
    assert again.questions == grading.questions


def test_helper_module_has_no_answers(course: Course, grade: Grade) -> None:
    """In the sandbox and in the release, the helper module has no answer and nothing that reveals one."""
    for text in (
        course.exercises[0].modules["common.functions"],
        build_templates(course)["exercises/common/functions.py"].decode(),
    ):
        assert text == "def square(x):\n    return x * x\n"
    told = said(grade("def half(x): return functions.quarter(x) * 2"), "both")
    assert "common.functions.quarter is not available here" in told


def test_use_of_a_withheld_helper(course: Course, sandbox: Sandbox, tmp_path: Path) -> None:
    """A solution that uses a helper which an exercise asks for can't be released."""
    folder = tmp_path / "course"
    for file in Path(course.folder).rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(course.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    solution = folder / "reference" / "kinds" / "solution.py"
    solution.write_text(solution.read_text() + "\n# %%\nif False:\n    functions.quarter(1)\n")
    changed = load_course(folder)
    write_templates(changed, folder)
    found = collect_course_findings(changed, SandboxJudge(changed, sandbox, b"secret"))
    assert list(found.problems) == [
        "kinds: students don't have common.functions.quarter: it is the answer to an exercise, or it does not exist: "
        "write it into the solution"
    ]
