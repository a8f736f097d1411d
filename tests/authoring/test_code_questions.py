"""The language of checks.py: the questions that it makes, and its error messages.

Covers `authoring/builder.py`, `authoring/references.py` and `authoring/__init__.py`.
"""

from pathlib import Path

import numpy as np
import pytest

from grader.authoring import CodeQuestion, Tolerance, argument, code_question, local, returned
from grader.core.errors import CourseError
from grader.core.questions.checks import Check
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Question
from grader.course.loader import load_course


def gradients(network: dict[str, float], x: float) -> dict[str, float]:
    """A reference with a local variable and a dict as its result."""
    delta = network["W"] * x
    grad = {}
    grad["W"] = delta
    return grad


def question(points: float = 1) -> CodeQuestion:
    """Return a question without checks."""
    return code_question("slope", title="Slope", points=points, reference=gradients)


def frozen(builder: CodeQuestion, *outputs: object) -> Question:
    """Return the question with one check of these outputs."""

    @builder.check(*outputs, points=1)  # type: ignore[arg-type]  # wrong ones are tried too
    def some(rng: np.random.Generator) -> object:
        """{output} of some network."""
        return {"W": 2.0}, 3.0

    return builder.freeze()


def checks_of(made: Question) -> list[Check]:
    """Return the checks of a question that asks for functions."""
    return [check for check in made.checks if isinstance(check, Check)]


def test_question_is_data() -> None:
    """A declared question freezes to an id, a kind, a function's name, checks and mistakes."""
    builder = question()

    @builder.mistake
    def negative(network: dict[str, float], x: float) -> dict[str, float]:
        """The sign is wrong,
        all of it.
        """
        return {"W": -network["W"] * x}

    made = frozen(builder)
    assert (made.id, made.kind, made.title, made.function, made.max_score) == (
        *("slope", CODE, "Slope", "gradients"),
        1,
    )
    assert [(m.name, m.hint) for m in made.mistakes] == [("negative", "The sign is wrong, all of it.")]
    assert checks_of(made)[0].inputs(np.random.default_rng(0)) == ({"W": 2.0}, 3.0)


def test_check_keeps_its_options() -> None:
    """Points, repeat, hidden, tolerance, limits and property are stored in the check."""
    builder = question(points=2.5)
    wide = Tolerance(rtol=0.1)

    @builder.check(points=2.5, hidden=True, repeat=4, tolerance=wide, holds=lambda *_: None, limits={"cpu": 9})
    def some(rng: np.random.Generator) -> object:
        """Some network."""
        return {"W": 2.0}, 3.0

    check = checks_of(builder.freeze())[0]
    assert (check.name, check.says, check.points) == ("some", "Some network.", 2.5)
    assert (check.hidden, check.repeat, check.tolerance, check.limits) == (True, 4, wide, {"cpu": 9})
    assert check.holds is not None


def test_labels_of_outputs() -> None:
    """An output is named by the reference: its returned variable, its argument, or its local variable."""
    outputs = returned("W"), argument("network", "W"), local("delta"), returned("W", label="slope")
    labels = [checks_of(frozen(question(), output))[0].output.label for output in outputs]
    assert labels == ["grad['W']", "network['W']", "delta", "slope"]


def test_argument_becomes_a_position() -> None:
    """An argument is declared by its name and stored as its position."""
    assert checks_of(frozen(question(), argument("x")))[0].output.name == 1


def test_returned_item_names_its_variable() -> None:
    """An item of a returned dict can be found in the variable that the function returns."""
    assert checks_of(frozen(question(), returned("W")))[0].output.local == "grad"


def test_each_output_is_a_check_of_its_own() -> None:
    """Two outputs become two checks with their own names, sentences and points."""
    checks = checks_of(frozen(question(points=2), local("delta"), returned("W")))
    assert [(c.name, c.says, c.points) for c in checks] == [
        ("some_delta", "`delta` of some network.", 1),
        ("some_grad_W", "`grad['W']` of some network.", 1),
    ]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (argument("net"), "argument('net'): the arguments are network, x"),
        (local("delta2"), "local('delta2'): the local variables of gradients are delta, grad"),
        ("grad", "write @slope.check(points=…)"),
    ],
)
def test_unknown_output(output: object, said: str) -> None:
    """The error for an output that the reference doesn't have lists those that it has."""
    with pytest.raises(CourseError) as error:
        frozen(question(), output)
    assert said in str(error.value)


WRONG = [
    ('"twice", title', '"2 x", title', 7, "one word such as 'softmax'"),
    ('title="Twice"', 'title=""', 7, "needs a title"),
    ("reference=solution.twice", "reference=3", 7, "function of solution.py"),
    ("reference=solution.twice", "reference=int", 7, "not the class int: write a function there that uses it"),
    ("reference=solution.twice", "reference=np.mean", 7, "not mean of numpy: write a function there that calls it"),
    ("reference=solution.twice", "references=solution.twice", 7, "references= is a list of functions"),
    ("return x * x", "return solution.twice(x) + x", 22, "uses solution.twice, but it replaces a function in a"),
    ("points=3", "points=4", 7, "add up to 3"),
    ("points=3", "points=-3", 7, "points are a number above 0, not -3"),
    ("points=3", "points=3, limits={'cpus': 1}", 7, "there is no limit 'cpus'"),
    ("points=1)", ")", 10, "points are a number above 0, not 0"),
    ("points=1)", "points=0)", 10, "points are a number above 0, not 0"),
    ("points=1)", "points=True)", 10, "points are a number above 0, not True"),
    ("points=1)", "points=1, repeat=0)", 10, "repeat= is a whole number from 1"),
    ("points=1)", "points=1, tolerance=0.1)", 10, "Tolerance(rtol=…, atol=…)"),
    ("points=1)", "points=1, holds=3)", 10, "holds= is a function"),
    ("points=1)", "points=1, limits={'cpu': -1})", 10, "limit cpu must be a positive number"),
    ("    '''A row of numbers is doubled.'''\n", "", 10, "no docstring: write the sentence that the learner reads"),
    ("    '''You squared it.'''\n", "", 22, "no docstring: write the hint that the learner reads"),
    ("def a_table", "def a_row", 16, "two checks named 'a_row'"),
    ("return rng.normal(size=3)", "rng.normal(size=3)", 10, "gives no inputs: return the arguments"),
    ("return rng.normal(size=3)", "return 1.0, 2.0", 10, "gives 2 arguments, but it is twice(x)"),
    ("a_row(rng)", "a_row()", 10, "write def a_row(rng):"),
    ("squared(x)", "squared(x, y)", 22, "takes 2 arguments, but twice takes 1"),
    ("x * x", "a_row(x)", 22, "uses a_row, which solution.py doesn't have: write it into the mistake"),
    ("@twice.mistake\n", "@twice.check\n", 22, "write @twice.check(points=…)"),
    ("@twice.mistake\n", "@twice.mistake\n@staticmethod\n", 22, "stands above a function"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), WRONG)
def test_mistake_in_checks_is_reported(course_folder: Path, right: str, wrong: str, line: int, said: str) -> None:
    """A mistake in checks.py is reported with file, line, question and the right form."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    assert text.count(right) >= 1
    checks.write_text(text.replace(right, wrong, 1))
    with pytest.raises(CourseError) as error:
        load_course(course_folder)
    told = str(error.value)
    assert told.startswith(f"reference/doubling/checks.py:{line}: question ")
    assert said in told
    assert "\n" not in told


def test_question_without_checks(course_folder: Path) -> None:
    """A question without checks is an error at the line of its declaration."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text().split("@twice.check")[0])
    with pytest.raises(CourseError, match=r"checks\.py:7: question twice: it has no checks: write @twice\.check"):
        load_course(course_folder)


def test_two_mistakes_with_one_name(course_folder: Path) -> None:
    """Two mistakes of a question with the same name are an error."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    checks.write_text(text + "\n\n" + text[text.index("@twice.mistake") :])
    with pytest.raises(CourseError, match="two mistakes named 'squared'"):
        load_course(course_folder)


def halves(x: float) -> float:
    """Another reference."""
    return x / 2


def doubles(x: float) -> float:
    """A third reference."""
    return 2 * x


def two_functions() -> CodeQuestion:
    """Return a question that asks for two functions, each with a check and a mistake of the same name."""
    builder = code_question("both", title="Both", points=2, references=[halves, doubles])
    for reference in (halves, doubles):

        @builder.check(points=1, of=reference)
        def some(rng: np.random.Generator) -> object:
            """Some number."""
            return rng.normal()

        @builder.mistake(of=reference)
        def squared(x: float) -> float:
            """You squared it."""
            return x * x

    return builder


def test_several_functions() -> None:
    """Checks and mistakes of several functions have unique names, and belong to their function."""
    made = two_functions().freeze()
    assert made.functions == ("halves", "doubles")
    assert [check.name for check in made.checks] == ["halves_some", "doubles_some"]
    assert [(m.name, m.of) for m in made.mistakes] == [("halves_squared", "halves"), ("doubles_squared", "doubles")]
    checks = checks_of(made)
    assert [made.function_of(check) for check in checks] == ["halves", "doubles"]
    assert [made.reference_of(check) for check in checks] == [halves, doubles]
    assert [[m.name for m in made.mistakes_of(check)] for check in checks] == [["halves_squared"], ["doubles_squared"]]


def test_function_must_be_named() -> None:
    """If a question has several functions, each check must name one of them."""
    builder = two_functions()
    for decorate in (lambda: builder.check(points=1), lambda: builder.check(points=1, of=gradients), builder.mistake):
        with pytest.raises(CourseError, match=r"of=…\) with one of solution\.halves, solution\.doubles"):
            decorate()


def test_function_without_checks() -> None:
    """A function without a check is an error."""
    builder = code_question("both", title="Both", points=1, references=[halves, doubles])

    @builder.check(points=1, of=halves)
    def some(rng: np.random.Generator) -> object:
        """Some number."""
        return 1.0

    with pytest.raises(CourseError, match=r"doubles has no checks: write @both\.check\(of=solution\.doubles"):
        builder.freeze()


def test_no_reference() -> None:
    """A code question without any function is an error."""
    with pytest.raises(CourseError, match="needs a reference: write reference="):
        code_question("none", title="None", points=1)


def test_convention() -> None:
    """A convention is a mistake with another message."""
    builder = question()

    @builder.convention
    def undivided(network: dict[str, float], x: float) -> dict[str, float]:
        """Right, but not divided."""
        return {"W": network["W"]}

    (mistake,) = frozen(builder).mistakes
    assert (mistake.name, mistake.convention, mistake.hint) == ("undivided", True, "Right, but not divided.")
