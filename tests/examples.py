"""The number of examples that hypothesis tries where one example takes long."""

from hypothesis import settings


def example_count(share: float) -> int:
    """Return a share of the number of examples in the profile, which is 25, or 200 in CI."""
    assert settings.default
    return max(1, round(share * settings.default.max_examples))
