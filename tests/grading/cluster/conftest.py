"""What the tests of the cluster share: its processes, and a small course."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.loader import load_course
from grader.grading.pool import GradingConfig
from tests.grading.cluster.ground import Ground


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A scheduler that the tests of a module share."""
    made = Ground(tmp_path_factory.mktemp("cluster"))
    try:
        yield made.start_scheduler()
    finally:
        made.end()


@pytest.fixture
def ground(hall: Ground) -> Iterator[Ground]:
    """A scheduler without workers; those that a test starts end with it."""
    try:
        yield hall
    finally:
        hall.end_workers()


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """A small course with a secret of its own."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")
