"""Attacks on answered calls: code earns nothing for a result that it was given, and learns of no other result."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox
from tests.chained_course import FUNCTIONS, WRONG_AFFINE, WRONG_FORWARD, WRONG_LEAKY, submit, write_chained_course

COLLECT = """
import gc, os, struct, sys
import numpy as np
seen = []

def take(function, *args):
    seen.append(function(*args))
    return seen[-1]

def collect(x, network, d=None):
    u1 = take(affine, x, network["W1"], network["b1"])
    z1 = take(leaky, u1)
    take(affine, z1, network["W2"], network["b2"])
    take(forward, x, network)
    if d is not None:
        take(loss, x, d, network)
    return list(seen)
"""
SCHEMES = {
    "the_last": "return collect(*args)[-1]",
    "the_first": "return collect(*args)[0]",
    "of_the_form": "found = [a for a in collect(*args) if np.shape(a) == SHAPE]\n    return found[-1] if found else 0",
    "of_another_call": "old = list(seen)\n    collect(*args)\n    return old[-1] if old else 0",
    "transposed_twice": "return np.array(collect(*args)[-1]).T.T",
    "by_hunting": """frame = sys._getframe()
    arrays = [a for a in gc.get_objects() if isinstance(a, np.ndarray) and a.shape == SHAPE]
    while frame:
        arrays += [a for a in frame.f_locals.values() if isinstance(a, np.ndarray) and a.shape == SHAPE]
        frame = frame.f_back
    return arrays[-1] if arrays else 0""",
    "from_the_stand_in": """cells = getattr(affine, "__closure__", None) or ()
    for cell in cells:
        own = getattr(cell.cell_contents, "_own", None)
        if own: return next(iter(own.values()))(*args)
    return 0""",
    "by_forged_queries": """os.write(4, struct.pack("<I", 21) + bytes(16) + b"q" + bytes(4))
    return 0""",
    "by_a_flood": """server = next(o for o in gc.get_objects() if type(o).__name__ == "JobServer")
    head = struct.pack("<16scI", server._nonce.encode(), b"q", 0)
    data = head + b"t" + struct.pack("<I", 0)
    for _ in range(100_000):
        os.write(4, struct.pack("<I", len(data)) + data)
    return 0""",
    "by_swallowing_replies": """server = next(o for o in gc.get_objects() if type(o).__name__ == "JobServer")
    collect(*args)
    return os.read(3, 10)""",
}
ARGUMENTS = {"forward": "x, network", "output": "x, network", "loss": "x, d, network", "slope": "x, d, network"}
SHAPES = {"forward": "(4, 2)", "output": "(4, 5)", "loss": "()", "slope": "()"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_chained_course(tmp_path_factory.mktemp("chained"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def judge(course: Course, sandbox: Sandbox) -> Judge:
    return Judge(course, sandbox, b"secret", budget=None)


@pytest.fixture(scope="module")
def plain_judge(course: Course, sandbox: Sandbox) -> Judge:
    """A judge that answers no calls."""
    return Judge(course, sandbox, b"secret", carry_forward=False, budget=None)


def question(grading: Grading, name: str) -> QuestionResult:
    """Return the result of one question."""
    (found,) = (result for result in grading.questions if result.id == name)
    return found


def write_attack(function: str, scheme: str) -> str:
    """Return the text of a function that does nothing but the scheme."""
    args = "x, network, d" if "d" in ARGUMENTS[function].split(", ") else "x, network"
    body = scheme.replace("SHAPE", SHAPES[function])
    return f"def {function}({ARGUMENTS[function]}):\n    args = {args}\n    {body}\n"


@pytest.mark.parametrize("function", ["forward", "output", "loss"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_scheme_earns_a_point(judge: Judge, course: Course, scheme: str, function: str) -> None:
    """A function that calculates nothing earns nothing, whatever the functions that it calls are answered with."""
    wrong = {"affine": WRONG_AFFINE, "leaky": WRONG_LEAKY, function: write_attack(function, SCHEMES[scheme])}
    grading = judge.judge(course.exercises[0], submit(imports=COLLECT, **wrong))
    assert question(grading, function).score == 0


MISSING = {
    "missing": "",
    "a stub": "def affine(x, W, b):\n    raise NotImplementedError",
    "a method": "class Layer:\n    def affine(self, x, W, b):\n        return np.zeros(1)\nlayer = Layer()",
}


@pytest.mark.parametrize("missing", MISSING)
def test_a_function_that_was_not_attempted_gives_no_answer_away(judge: Judge, course: Course, missing: str) -> None:
    """Results of a function that was not attempted are no answers either, however they are fetched or kept."""
    imports = COLLECT.replace("affine", "layer.affine") if missing == "a method" else COLLECT
    last = write_attack("forward", "return np.array(collect(*args)[-1])")
    kept = write_attack("output", SCHEMES["of_another_call"])
    program = submit(imports=imports, affine=MISSING[missing], leaky="", forward=last, output=kept, loss="loss = ...")
    grading = judge.judge(course.exercises[0], program)
    assert [question(grading, name).score for name in ("affine", "leaky", "forward", "output", "loss")] == [0] * 5


def test_a_class_that_watches_its_attributes_learns_nothing(judge: Judge, course: Course) -> None:
    """A class whose type is the student's own, and a method that keeps what it is given, earn nothing."""
    watching = """
class Meta(type):
    def __setattr__(cls, name, value):
        seen.append(value)
        super().__setattr__(name, value)
class Layer(metaclass=Meta):
    def affine(self, x, W, b):
        return seen[-1](x, W, b)
class Plain:
    def affine(self, x, W, b):
        return 0
"""
    caller = "def output(x, network):\n    return Plain().affine(x, network['W1'], network['b1'])"
    grading = judge.judge(course.exercises[0], submit(imports=COLLECT, affine=watching, output=caller))
    assert question(grading, "output").score == 0


FORMS = (
    "{}",
    "{}.T",
    "+{}",
    "{} * 1.0",
    "[{}]",
    "list({})",
    "np.stack([{0}, {0}])[0]",
    "{}.ravel()",
    "{}.reshape(SHAPE)",
)


@settings(deadline=None, max_examples=20)
@given(
    number=st.integers(-5, 4),
    form=st.sampled_from(FORMS),
    wrong=st.fixed_dictionaries({"affine": st.sampled_from([WRONG_AFFINE, "def affine(*args):\n    return 0"])}),
    leaky=st.sampled_from([FUNCTIONS["leaky"], WRONG_LEAKY]),
)
def test_no_given_result_is_an_answer(
    judge: Judge, course: Course, number: int, form: str, wrong: dict[str, str], leaky: str
) -> None:
    """Whichever result a function returns of those that it was given, in whatever form, it earns nothing."""
    one = form.format(f"np.asarray(collect(*args)[{number}])").replace("SHAPE", "(4, 5)")
    output = write_attack("output", f"return {one}")
    layers = f"def layers(x, network):\n    args = x, network\n    u1 = {one}\n    return {{'u1': u1, 'size': u1}}"
    program = submit(imports=COLLECT, **wrong, leaky=leaky, output=output, layers=layers)
    grading = judge.judge(course.exercises[0], program)
    assert question(grading, "output").score == question(grading, "layers").score == 0


def test_a_result_of_one_check_is_no_answer_to_another(judge: Judge, course: Course) -> None:
    """Results kept from the checks of one function earn nothing in those of another."""
    keep = FUNCTIONS["loss"].replace("return", "seen.extend(collect(x, network))\n    return")
    attack = write_attack("output", SCHEMES["of_another_call"])
    program = submit(imports=COLLECT, affine=WRONG_AFFINE, leaky=WRONG_LEAKY, loss=keep, output=attack)
    grading = judge.judge(course.exercises[0], program)
    assert question(grading, "output").score == 0


def test_equal_inputs(tmp_path: Path, sandbox: Sandbox) -> None:
    """Where checks have equal inputs, what one of them would be answered isn't given if a later one asks for it."""
    course = write_chained_course(tmp_path, fixed=True)
    keep = FUNCTIONS["loss"].replace("    return", "    seen.append(y)\n    return")
    attack = "def forward(x, network):\n    collect_one(x, network)\n    return seen[-1] if seen else 0\n"
    attack += 'def collect_one(x, network):\n    return affine(x, network["W1"], network["b1"])\n'
    program = submit(imports=COLLECT, affine=WRONG_AFFINE, leaky=WRONG_LEAKY, forward=attack, loss=keep)
    grading = Judge(course, sandbox, b"secret").judge(course.exercises[0], program)
    assert question(grading, "forward").score == 0
    assert [check.points for check in question(grading, "loss").checks] == [0, 1]
    honest = submit(imports=COLLECT, affine=WRONG_AFFINE)
    grading = Judge(course, sandbox, b"secret").judge(course.exercises[0], honest)
    assert [question(grading, name).score for name in ("forward", "loss", "slope")] == [2, 2, 2]


def test_results_are_not_shown(judge: Judge, course: Course) -> None:
    """What a function prints, raises or warns of while calls are answered is nowhere in the grading."""
    loud = FUNCTIONS["loss"].replace(
        "    return",
        "    if affine.__code__.co_name == 'stand_in':\n        print('MARKER', y)\n"
        "        import warnings; warnings.warn('MARKER', RuntimeWarning)\n    return",
    )
    loud_and_wrong = loud.replace(
        "    return", "    if 'stand_in' in affine.__code__.co_name: raise ValueError('MARKER')\n    return"
    )
    for text, score in ((loud, 2), (loud_and_wrong, 0)):
        grading = judge.judge(course.exercises[0], submit(affine=WRONG_AFFINE, loss=text))
        assert question(grading, "loss").score == score
        assert "MARKER" not in repr(grading)


def test_arguments_cannot_be_tried(judge: Judge, course: Course) -> None:
    """Code that tries several arguments until one is answered is answered no more after the first that isn't."""
    tries = """
def loss(x, d, network):
    for scale in (3.0, 2.0, 1.0):
        y = forward(x * scale, network)
        if y is not None:
            return np.sum((y - d) ** 2) / 2
    return 0
"""
    wrong = "def forward(x, network):\n    return None"
    grading = judge.judge(course.exercises[0], submit(forward=wrong, loss=tries))
    assert question(grading, "loss").score == 0
    grading = judge.judge(course.exercises[0], submit(forward=wrong, loss=tries.replace("3.0, 2.0, 1.0", "1.0, 2.0")))
    assert question(grading, "loss").score == 2


STUB = "def affine(x, W, b):\n    pass"
WRONG = {
    "affine": [WRONG_AFFINE, "def affine(x, W, b):\n    raise ValueError", "def affine(x, W):\n    return x", "", STUB],
    "leaky": [WRONG_LEAKY, "def leaky(u):\n    u *= 0\n    return u", "def leaky(u):\n    return ____"],
    "forward": [WRONG_FORWARD, write_attack("forward", SCHEMES["the_last"])],
    "loss": [FUNCTIONS["loss"].replace(" / 2", ""), write_attack("loss", SCHEMES["by_hunting"]), "loss = None"],
    "output": [write_attack("output", SCHEMES["of_another_call"])],
    "layers": [FUNCTIONS["layers"].replace("**2", ""), FUNCTIONS["layers"].replace("u1, ", "2 * u1, ", 1)],
    "slope": [FUNCTIONS["slope"].replace("1e-4", "0.1"), write_attack("slope", SCHEMES["the_first"])],
}


@settings(deadline=None, max_examples=15)
@given(changes=st.fixed_dictionaries({name: st.sampled_from([FUNCTIONS[name], *WRONG[name]]) for name in FUNCTIONS}))
def test_points_never_fall(course: Course, judge: Judge, plain_judge: Judge, changes: dict[str, str]) -> None:
    """Whatever is wrong, no check loses by answered calls; one that gains passed and names the functions answered."""
    program = submit(imports=COLLECT, **changes)
    plain = plain_judge.judge(course.exercises[0], program)
    carried = judge.judge(course.exercises[0], program)
    for before, after in zip(plain.questions, carried.questions, strict=True):
        for first, second in zip(before.checks, after.checks, strict=True):
            assert second.points >= first.points
            if second.points > first.points:
                assert second.verdict is Verdict.PASSED
                assert second.carried
        if changes[after.id] not in (FUNCTIONS[after.id], FUNCTIONS["layers"].replace("u1, ", "2 * u1, ", 1)):
            assert after.score <= before.score or after.id == "layers"
