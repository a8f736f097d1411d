"""Functions that the template has without a blank are known."""

from pathlib import Path

import pytest

from grader.course.given_functions import find_given_functions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# %% question='a'\ndef f(x):\n    return x  # blank: it\n\ndef g(x):\n    return f(x)\n", {"g"}),
        ("# %%\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n", set()),
        ("# %%\ndef f(x:\n    return x\n", set()),
    ],
)
def test_given_functions(tmp_path: Path, text: str, found: set[str]) -> None:
    """A function with a blank, or in a solution with errors, isn't given."""
    solution = tmp_path / "solution.py"
    solution.write_text(text)
    assert find_given_functions(solution) == found
