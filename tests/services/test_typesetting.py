"""Typesetting in the sandbox: an overrun or a crash costs one page's text, and nothing else."""

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest

from grader.core.wire.job import Limits
from grader.feedback.markup import TypesetRequest, typeset
from grader.services import typesetting
from grader.services.typesetting import Typesetting

WANTED = TypesetRequest(("x = 1",), ("a **b** $x^2$",), ("y",))


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetting]:
    """Yield one warm process for all tests here."""
    with Typesetting() as warm:
        yield warm


def request(**texts: Sequence[str]) -> str:
    """Return a request as pages make it."""
    nothing: Mapping[str, Sequence[str]] = {"code": (), "markdown": (), "formulas": (), "documents": ()}
    return json.dumps({**nothing, **texts})


def test_a_disposable_process_typesets(typesetter: Typesetting) -> None:
    """Code, markdown and formulas are typeset in the sandbox."""
    made = typeset(WANTED, typesetter)
    assert made.code["x = 1"][0] == "x = <span class=n>1</span>"
    assert "<strong>b</strong>" in made.markdown[WANTED.markdown[0]]
    assert made.formulas["y"].startswith("<math")


def test_text_beyond_the_time_limit_gives_nothing(typesetter: Typesetting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that keeps the parser busy beyond its limit gives nothing, and the next page is typeset."""
    monkeypatch.setattr(typesetting, "TYPESETTING_LIMITS", Limits(cpu=0.3, wall=60.0))
    assert typesetter(request(markdown=["|a|\n|-|\n" * 5_000])) is None
    monkeypatch.undo()
    assert typeset(WANTED, typesetter).formulas


def test_too_much_output_gives_nothing(typesetter: Typesetting, monkeypatch: pytest.MonkeyPatch) -> None:
    """A response beyond its limit isn't accepted."""
    monkeypatch.setattr(typesetting, "TYPESETTING_LIMITS", Limits(output=1_000))
    assert typesetter(request(markdown=["*a* " * 2_000])) is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"code": 1, "markdown": 2, "formulas": 3}'])
def test_a_malformed_request_gives_nothing(text: str, typesetter: Typesetting) -> None:
    """A malformed request ends the disposable process only."""
    assert typesetter(text) is None


@pytest.mark.parametrize(
    "unit", ["[", "*a_", "`", "> ", "<", "&", "- ", "![", "<b>", "$\\begin{matrix}", "\\", "((", "$$", "\u202e", "\x00"]
)
def test_hostile_markdown_terminates(unit: str, typesetter: Typesetting) -> None:
    """The longest text that pages send gives a result or nothing, never a failure of the grader."""
    text = unit * (20_000 // len(unit))
    answer = typesetter(request(code=[text], markdown=[text], formulas=[text]))
    assert answer is None or set(json.loads(answer)) == {"code", "markdown", "formulas", "documents"}
