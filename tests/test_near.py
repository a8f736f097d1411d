"""The choice of tests near a change."""

import pytest

from tests.import_graph import ROOT
from tests.near import FARTHEST, MAX_FILES, measure_distances


@pytest.mark.parametrize(
    ("changed", "test", "distance"),
    [
        ("grader/core/compare/curves.py", "tests/core/compare/test_curves.py", 0),
        ("grader/cli/safe_write.py", "tests/cli/test_export.py", 0),
        ("grader/core/judging/carry_forward.py", "tests/grading/test_judge.py", 1),
        ("grader/web/templates/roster.html", "tests/web/test_instructor.py", 1),
        ("reference/losses/checks/softmax.py", "tests/reference/test_losses.py", 0),
        ("grader/formats/export/moodle.py", "tests/formats/export/test_registry.py", 1),
        ("grader/core/questions/kinds/drawing.py", "tests/core/questions/kinds/test_registry.py", 1),
        ("grader/docs/lms.md", "tests/formats/export/test_registry.py", 1),
        ("grader/cli/commands/export.py", "tests/docs/test_command_line.py", -1),
        ("tests/store/test_store.py", "tests/store/test_store.py", 0),
        ("tests/store/conftest.py", "tests/store/test_store.py", 1),
        ("tests/cli/golden/check.fr.txt", "tests/cli/test_check.py", 1),
        ("grader/docs/authoring.md", "tests/test_docs.py", 1),
        ("grader/cli/safe_write.py", "tests/core/test_batches.py", FARTHEST + 1),
        ("grader/cli/safe_write.py", "tests/test_architecture.py", -1),
    ],
)
def test_the_distance_of_a_test(changed: str, test: str, distance: int) -> None:
    """A file's own tests are at distance 0, users of the file one farther; layout comes first, and the core last."""
    assert measure_distances([changed])[test] == distance


def test_a_module_that_everything_imports() -> None:
    """A change of a module that half the program imports chooses few tests besides those of the core."""
    distances = measure_distances(["grader/core/text/messages.py"])
    assert distances["tests/core/text/test_messages.py"] == 0
    assert len([test for test in distances if not test.startswith("tests/core/")]) <= MAX_FILES + 6


def test_only_files_that_exist_are_chosen() -> None:
    """A deleted module chooses no test, and every chosen file exists."""
    chosen = measure_distances(["grader/gone.py", "grader/core/compare/curves.py"])
    assert [test for test in chosen if not (ROOT / test).is_file()] == []
    assert measure_distances(["grader/gone.py"]) == measure_distances([])
