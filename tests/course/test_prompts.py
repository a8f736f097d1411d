"""The text of a question in the notebook, for the person who marks its answers."""

from pathlib import Path

from grader.core.questions.exercise import Exercise
from grader.course.loader import load_course
from grader.course.prompts import read_prompt

PROSE = """

# %% [markdown]
# An unrelated text.

# %% [markdown]
# Why does it grow?
# At most two lines.

# %% [markdown] question="why"
# *question: why*
#
# Begin with "because".
#
# ### BEGIN SOLUTION
# Because it does.
# ### END SOLUTION
"""


def exercise(course_folder: Path, more: str) -> Exercise:
    """Return the small course's exercise, with more text in its solution."""
    solution = course_folder / "reference" / "doubling" / "solution.py"
    solution.write_text(solution.read_text() + more)
    return load_course(course_folder).exercises[0]


def test_the_prompt_is_the_cell_above_and_the_text_in_the_cell(course_folder: Path) -> None:
    """The nearest cell of text and the given text of the answer's cell make the prompt, without the answer."""
    prompt = read_prompt(exercise(course_folder, PROSE), "why")
    assert prompt == 'Why does it grow?\nAt most two lines.\n\nBegin with "because".'


def test_code_above_is_no_prompt(course_folder: Path) -> None:
    """Below a cell of code, or another question's answer, there is no prompt; nor for an unknown question."""
    one = exercise(
        course_folder, PROSE[PROSE.index("# %% [markdown] question") :].replace('Begin with "because".', "-")
    )
    assert read_prompt(one, "why") == "-"
    assert read_prompt(one, "how") == ""


def test_a_solution_that_cannot_be_read_has_no_prompt(course_folder: Path) -> None:
    """A missing or broken solution gives an empty prompt, so that marking goes on."""
    one = exercise(course_folder, PROSE)
    solution = course_folder / "reference" / "doubling" / "solution.py"
    solution.write_text("x = (")
    assert read_prompt(one, "why") == ""
    solution.unlink()
    assert read_prompt(one, "why") == ""
