"""The bytes of text that one submission may add to its records."""

import json

from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.text_budget import TextBudget, measure_text


@given(st.lists(st.text(max_size=60)), st.integers(0, 200))
def test_what_is_kept_never_exceeds_the_budget(texts: list[str], budget: int) -> None:
    """All that is kept fits in JSON, whatever the characters are; each text begins as it was."""
    left = TextBudget(budget)
    kept = [left.take(text) for text in texts]
    assert sum(len(json.dumps(one, ensure_ascii=False).encode("utf-8", "replace")) - 2 for one in kept) <= budget
    assert all(text.startswith(one) for text, one in zip(texts, kept, strict=True))


def test_texts_that_fit_are_kept_whole() -> None:
    """A text is kept whole as long as there is room; a control character costs six bytes."""
    left = TextBudget(20)
    assert left.take("ten bytes!") == "ten bytes!"
    assert left.take("\0") == "\0"
    assert left.take("four and more") == "four"
    assert left.left == 0
    assert measure_text("é\n") == 4


def test_a_minimum_is_always_kept() -> None:
    """The first characters are kept all the same where they tell what happened."""
    left = TextBudget(3)
    assert left.take("ValueError", at_least=5) == "Value"
    assert left.take("KeyError", at_least=5) == "KeyEr"
