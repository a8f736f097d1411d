"""The bundled course's references, by the name of their function."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.course import bundled, load


@pytest.fixture(scope="session")
def references() -> dict[str, Callable[..., Any]]:
    """Every reference of the bundled course."""
    questions = [question for exercise in load(bundled()).exercises for question in exercise.questions]
    return {question.function: question.reference for question in questions if question.reference}
