"""Faults in the declarations of questions are found, though the solution passes; sound declarations have none."""

from pathlib import Path

import pytest

from grader.core.questions.exercise import Exercise
from grader.course.loader import bundled_course_folder, load_course
from grader.course.verify.declarations import find_declaration_problems, find_declaration_warnings

SOLUTION = """\
# %% question="step"
def step(params, rate):
    for key in params:
        params[key] -= rate  # blank: one step
"""

CHECKS = """\
from grader.authoring import argument, code_question, local, returned, variables_question

from . import solution

step = code_question("step", title="Step", points=1, reference=solution.step, in_place=True)


@step.check(argument("params"), points=1)
def one_step(rng):
    '''{output} after one step.'''
    return {"w": 1.0}, 0.5


@step.mistake
def sign(params, rate):
    '''The step goes up.'''
    for key in params:
        params[key] += rate
"""


def exercise(folder: Path, **changes: tuple[str, str]) -> Exercise:
    """Return the small course's exercise with a function that changes its argument, with changes to its files."""
    for name, text in (("solution", SOLUTION), ("checks", CHECKS)):
        right, wrong = changes.get(name, ("", ""))
        assert right in text
        (folder / "reference" / "doubling" / f"{name}.py").write_text(text.replace(right, wrong) if right else text)
    return load_course(folder).exercises[0]


def test_a_sound_declaration_has_no_faults(course_folder: Path) -> None:
    """Neither the bundled course nor an update in place has problems or warnings."""
    sound = [*load_course(bundled_course_folder()).exercises, exercise(course_folder)]
    for one in sound:
        assert list(find_declaration_problems(one)) == []
        assert list(find_declaration_warnings(one)) == []


PROBLEMS = [
    (
        ('@step.check(argument("params"), points=1)', "@step.check(points=1)"),
        ("{output} after", "After"),
        ["doubling: step: check one_step: the reference returns None: name what is compared with argument(...)"],
    ),
    (
        (", in_place=True", ""),
        ("", ""),
        ["doubling: step: the solution changes `params` in place, and a check compares it: write in_place=True"],
    ),
    (
        ("The step goes up.", "{output} goes up."),
        ("", ""),
        [
            "doubling: step: the hint of sign contains {output}, which only checks replace: a hint is for every "
            "output, so name the values in words"
        ],
    ),
    (
        ("rng):\n    '''{output}", "rng):\n    '''$u_{output}$ is no placeholder, and {output}"),
        ('argument("params")', "returned()"),
        [
            "doubling: step: check one_step contains {output}, but it compares no output with a name: name one, such "
            'as returned(label="y"), or leave it out',
            "doubling: step: check one_step: the reference returns None: name what is compared with argument(...)",
        ],
    ),
]


@pytest.mark.parametrize(("first", "second", "said"), PROBLEMS)
def test_a_problem_is_named(
    course_folder: Path, first: tuple[str, str], second: tuple[str, str], said: list[str]
) -> None:
    """A forgotten argument(...), a forgotten in_place=True and a placeholder that nothing replaces are problems."""
    made = exercise(course_folder)
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    for right, wrong in (first, second):
        assert right in text
        text = text.replace(right, wrong) if right else text
    checks.write_text(text)
    (made,) = load_course(course_folder).exercises
    assert list(find_declaration_problems(made)) == said


def test_none_may_be_one_of_several_results(course_folder: Path) -> None:
    """A reference that returns None for some inputs only is compared as it is."""
    (course_folder / "reference" / "doubling" / "solution.py").write_text(
        '# %% question="find"\ndef find(x):\n    return x if x > 0 else None  # blank: x, or None\n'
    )
    (course_folder / "reference" / "doubling" / "checks.py").write_text(
        "from grader.authoring import code_question\n\nfrom . import solution\n\n"
        'find = code_question("find", title="Find", points=2, reference=solution.find)\n\n\n'
        "@find.check(points=1)\ndef there(rng):\n    '''It is there.'''\n    return 1.0\n\n\n"
        "@find.check(points=1)\ndef absent(rng):\n    '''It is not there.'''\n    return -1.0\n"
    )
    assert list(find_declaration_problems(load_course(course_folder).exercises[0])) == []


WARNINGS = [
    (
        (", in_place=True", ""),
        (
            "        params[key] -= rate  # blank: one step\n",
            "        params[key] -= rate\n    return params  # blank: it\n",
        ),
        ('argument("params")', "returned()"),
        "doubling: step: the solution changes `params` in place, though no check compares it: write in_place=True if "
        "it is meant, or copy it first",
    ),
    (
        ('argument("params")', 'argument("params"), argument("params", "w")'),
        ("", ""),
        ("points=1)\ndef one_step(rng):\n    '''{output} after", "points=0.5)\ndef one_step(rng):\n    '''After"),
        "doubling: step: students read the same sentence for `params` and `params['w']`: write {output} into the "
        "docstring",
    ),
    (
        ("The step goes up.", "{outputs} goes up: `{key}` and $a_{n}$ are no placeholders."),
        ("", ""),
        ("", ""),
        "doubling: step: the hint of sign contains {outputs}, which students read as it is: {output} is the only "
        "placeholder",
    ),
    (
        ("The step goes up.", "This is right if the step goes up."),
        ("", ""),
        ("", ""),
        "doubling: step: the hint of sign says that something is right: it may stand beside other faults: say what the "
        "code does, such as 'You take the arguments …'",
    ),
    (
        ("params[key] += rate", "params[key] = 0.0"),
        ("", ""),
        ("", ""),
        "doubling: step: the mistake sign is never recognised: it gives what an answer without any calculation gives, "
        "such as one constant, or fails no check",
    ),
]


@pytest.mark.parametrize(("first", "solution", "second", "said"), WARNINGS)
def test_a_doubt_is_a_warning(
    course_folder: Path, first: tuple[str, str], solution: tuple[str, str], second: tuple[str, str], said: str
) -> None:
    """A changed argument, equal sentences, unknown placeholders and useless mistakes are warnings."""
    exercise(course_folder, solution=solution)
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    for right, wrong in (first, second):
        assert right in text
        text = text.replace(right, wrong) if right else text
    checks.write_text(text)
    (made,) = load_course(course_folder).exercises
    found = list(find_declaration_warnings(made))
    returns_none = "returned()" in second[1]
    assert [one for one in found if not (returns_none and "never recognised" in one)] == [said]


def test_an_argument_that_stays_needs_no_in_place(course_folder: Path) -> None:
    """A check that an argument is left as it was is neither a problem nor a warning."""
    checks = (course_folder / "reference" / "doubling" / "checks.py").read_text()
    (course_folder / "reference" / "doubling" / "checks.py").write_text(
        checks.replace("@twice.check(points=1)", '@twice.check(argument("x"), points=1)')
    )
    (made,) = load_course(course_folder).exercises
    assert list(find_declaration_problems(made)) == []
    assert list(find_declaration_warnings(made)) == []


def test_a_reference_that_raises_is_left_to_judging(course_folder: Path) -> None:
    """If the reference raises, verification of the solution reports it, once."""
    made = exercise(course_folder, checks=('{"w": 1.0}', '"w"'))
    assert list(find_declaration_problems(made)) == []
    assert list(find_declaration_warnings(made)) == []


@pytest.mark.parametrize(("text", "warned"), [("Twice x.", True), ("Keep the double in `half`.", False)])
def test_a_local_variable_that_nobody_is_told_of(course_folder: Path, text: str, warned: bool) -> None:
    """A check of a local variable needs its name in the template or in the text, else there is a warning."""
    folder = course_folder / "reference" / "doubling"
    (folder / "solution.py").write_text(
        f'# %% [markdown]\n# {text}\n\n# %% question="f"\ndef f(x):\n    ### BEGIN SOLUTION\n    half = x / 2\n'
        "    return half * 4\n    ### END SOLUTION\n"
    )
    (folder / "checks.py").write_text(
        "from grader.authoring import code_question, local, returned\n\nfrom . import solution\n\n"
        'f = code_question("f", title="F", points=2, reference=solution.f)\n\n\n'
        "@f.check(local('half'), returned(), points=1)\ndef three(rng):\n    '''{output} of 3.'''\n    return 3.0\n"
    )
    found = list(find_declaration_warnings(load_course(course_folder).exercises[0]))
    assert any("compares the local variable half, which students never read" in said for said in found) == warned
