"""Fixtures for the tests of the cluster: its processes, and a small course."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.loader import load_course
from grader.grading.tasks import GradingConfig
from tests.grading.cluster.ground import Ground
from tests.store.conftest import make_grading  # noqa: F401  # a fixture for test_grading_json


@pytest.fixture(scope="module")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Yield a scheduler that the tests of a module share."""
    made = Ground(tmp_path_factory.mktemp("cluster"))
    try:
        yield made.start_scheduler()
    finally:
        made.end()


@pytest.fixture
def ground(shared_cluster: Ground) -> Iterator[Ground]:
    """Yield a scheduler without workers; those that a test starts end with it."""
    try:
        yield shared_cluster
    finally:
        shared_cluster.end_workers()


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """Return the configuration of a small course with its own secret."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")
