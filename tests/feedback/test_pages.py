"""Pages as HTML: golden files, hostile text, and content that must not be there.

Covers `feedback/labels.py`, `feedback/notebook_view.py`, `feedback/page_model.py` and `feedback/score_strip.py`.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.compare.tensor_table import TensorTable
from grader.core.questions.exercise import Exercise
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.results.grading import CheckDetails, CheckResult, Grading, QuestionResult
from grader.core.results.mark import Mark
from grader.core.results.verdict import Verdict
from grader.core.stats.class_summary import summarize_class
from grader.core.wire.submission import Cell
from grader.feedback.markup_worker import convert
from grader.feedback.pages import MAX_PAGE_BYTES, PageRenderer
from tests.examples import example_count

PAGES = PageRenderer("Deep learning, day 1", typesetter=convert)
SLOW = settings(deadline=None, max_examples=example_count(0.3), suppress_health_check=[HealthCheck.too_slow])
BITS = st.sampled_from(
    [
        *(
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onclick='x",
            "</style>",
            "</code></pre>",
            "-->",
        ),
        *(
            "{{ 7*7 }}",
            "{% raw %}",
            "&lt;",
            "<svg/onload=x>",
            "`<b>`",
            "\u202e",
            "\x00",
            "\ud800",
            "javascript:x",
            "]]>",
        ),
    ]
)
HOSTILE = st.lists(BITS | st.text(st.characters(codec=None), max_size=8), max_size=6).map("".join)


class Seen(HTMLParser):
    """Collect all start tags with their attributes, and all text outside `<style>`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style" or not data.startswith("\n/*"):
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    @property
    def vocabulary(self) -> set[tuple[str, str]]:
        """Return pairs of an element and one of its attributes; `""` stands for the element itself."""
        return {(tag, name) for tag, attrs in self.tags for name in ("", *attrs)}


def planted(value: Any, text: str) -> Any:
    """Return the same data with every text in it replaced, except verdicts and kinds."""
    if isinstance(value, Verdict):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(planted(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: planted(getattr(value, f.name), text) for f in fields(value)})
    return value


def scrubbed(html: str) -> str:
    """Return a page without style sheet and script, which other tests and a person's review cover."""
    html = re.sub("<style>.*</style>", "<style>…</style>", html, flags=re.DOTALL)
    html = re.sub("<script>.*</script>", "<script>…</script>", html, flags=re.DOTALL)
    return re.sub("sha256-[A-Za-z0-9+/=]+", "sha256-…", html)


@pytest.mark.parametrize("name", ["partly", "script", "long", "right", "answers", "explained", "unreadable", "nobody"])
def test_a_students_page_is_as_reviewed(
    name: str, reports: Mapping[str, Report], golden: Callable[[str, str], None]
) -> None:
    """Each state of a student's page equals its golden file, byte for byte."""
    golden(f"{name}.html", scrubbed(PAGES.render_student_page(reports[name])))


def test_the_class_page_is_as_reviewed(reports: Mapping[str, Report], golden: Callable[[str, str], None]) -> None:
    """The class page equals its golden file, byte for byte."""
    golden("class.html", scrubbed(PAGES.render_class_page(summarize_class(reports.values()))))


def test_an_empty_class_has_a_page() -> None:
    """Without a report, the class page says that nothing has been handed in."""
    assert "Nothing has been handed in yet" in PAGES.render_class_page(summarize_class([]))


@pytest.fixture(scope="module")
def vocabulary(reports: Mapping[str, Report]) -> set[tuple[str, str]]:
    """Return the elements and attributes of our own pages in all states."""
    pages = [
        *map(PAGES.render_student_page, reports.values()),
        PAGES.render_class_page(summarize_class(reports.values())),
    ]
    return set().union(*(Seen(page).vocabulary for page in pages))


@SLOW
@given(text=HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(
    text: str, reports: Mapping[str, Report], vocabulary: set[tuple[str, str]]
) -> None:
    """With any text in every field of a report, a page has only the elements and attributes of our templates."""
    pages = PageRenderer(text, text, convert)
    hostile = [planted(reports[name], text) for name in ("partly", "long", "answers", "unreadable")]
    for html in (*map(pages.render_student_page, hostile), pages.render_class_page(summarize_class(hostile))):
        seen = Seen(html)
        assert seen.vocabulary <= vocabulary
        assert not seen.others
        html.encode()


@SLOW
@given(text=HOSTILE)
def test_links_lead_within_the_pages_only(text: str, reports: Mapping[str, Report]) -> None:
    """Every link on a page leads to a place on it or to another page of ours, and all ids are ours."""
    hostile = planted(reports["partly"], text)
    for html in (PAGES.render_student_page(hostile), PAGES.render_class_page(summarize_class([hostile]))):
        for tag, attrs in Seen(html).tags:
            if tag != "link":
                assert re.fullmatch(
                    r"#[a-z0-9-]+|[a-z0-9._-]+/[a-z0-9._-]+\.(html(#q\d+)?|csv)", attrs.get("href") or "#x"
                )
            assert re.fullmatch("[a-z0-9-]+", attrs.get("id") or "x")


def test_every_inner_link_has_its_target(reports: Mapping[str, Report]) -> None:
    """Every link within a page has a target, and no id occurs twice."""
    for html in (
        *map(PAGES.render_student_page, reports.values()),
        PAGES.render_class_page(summarize_class(reports.values())),
    ):
        tags = Seen(html).tags
        ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
        targets = {(attrs.get("href") or "")[1:] for _, attrs in tags if (attrs.get("href") or "").startswith("#")}
        assert len(ids) == len(set(ids))
        assert targets <= set(ids)


def test_the_page_shows_hostile_text_as_text(reports: Mapping[str, Report]) -> None:
    """A script in a name is shown as text, and a right-to-left override is spelt out."""
    seen = Seen(PAGES.render_student_page(replace(reports["partly"], student="<script>x</script>\u202e")))
    assert "<script>x</script>⟨U+202E⟩" in seen.text


def hashed(text: str) -> str:
    """Return a text's hash as a policy writes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_only_the_style_sheet(reports: Mapping[str, Report]) -> None:
    """A student's page has one style sheet, allowed by its hash, no script, no inline style and no other source."""
    html = PAGES.render_student_page(reports["partly"])
    (css,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    policy = f"default-src 'none'; style-src {hashed(css)}; img-src data:; base-uri 'none'; form-action 'none'"
    tags = Seen(html).tags
    assert [a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy"] == [policy]
    assert not [t for t, a in tags if t == "script" or "style" in a or any(name.startswith("on") for name in a)]


def test_the_policy_of_the_class_page_allows_only_its_script(reports: Mapping[str, Report]) -> None:
    """The class page has one script, for sorting; its policy names the hashes of the script and the style sheet."""
    html = PAGES.render_class_page(summarize_class(reports.values()))
    (css,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    (script,) = re.findall("<script>(.*?)</script>", html, re.DOTALL)
    allowed = f"script-src {hashed(script)}; style-src {hashed(css)}"
    policy = f"default-src 'none'; {allowed}; img-src data:; base-uri 'none'; form-action 'none'"
    tags = Seen(html).tags
    assert [a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy"] == [policy]
    assert not [t for t, a in tags if "style" in a or any(name.startswith("on") for name in a)]


def test_headings_go_down_one_step_at_a_time(reports: Mapping[str, Report]) -> None:
    """A page has one h1, no heading skips a level, and every table header has a scope."""
    for html in (
        *map(PAGES.render_student_page, reports.values()),
        PAGES.render_class_page(summarize_class(reports.values())),
    ):
        tags = Seen(html).tags
        levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))
        assert all(attrs.get("scope") in ("col", "row") for tag, attrs in tags if tag == "th")


def test_nothing_of_a_hidden_check_is_shown() -> None:
    """The page shows no values, printed output or exception text of a hidden check."""
    secret = (TensorTable("secret_label", (1, 1), "secret_dtype", (("424242",),)),)
    check = CheckResult(
        *("rows", Verdict.WRONG_ANSWER, 0.0, 1.0),
        hidden=True,
        details=CheckDetails(secret, secret, secret),
        printed="secret print",
    )
    grading = Grading("losses", "v", "g", "s", "full", (QuestionResult("softmax", "code", (check,)),))
    html = PAGES.render_student_page(
        build_report(Exercise("losses", "Losses", (), PurePath("losses")), grading, SubmissionInfo())
    )
    assert "hidden check" in html
    assert "wrong answer" in html
    assert "secret" not in html
    assert "424242" not in html


def test_the_score_is_made_of_its_questions(reports: Mapping[str, Report]) -> None:
    """The table at the top has one row per question, with its state in words and its points."""
    html = PAGES.render_student_page(reports["partly"])
    rows = re.findall('<tr><th scope="row"><a.*?</tr>', html)
    states = [re.sub("<.*?>", " ", row) for row in rows]
    for row, words in zip(states, ["right", "partly right", "wrong", "not attempted", "pending"], strict=True):
        assert words in row
    assert '2</span> <span class="of">of 8 points' in html


def test_the_next_step_is_the_first_question_to_gain_from(reports: Mapping[str, Report]) -> None:
    """The next step is the first question that isn't right, with its advice."""
    html = PAGES.render_student_page(reports["partly"])
    advice = html[html.index('id="next"') : html.index('id="q1"')]
    assert 'href="#q2"' in advice
    assert "whole batch" in advice


def test_an_answer_under_another_name_is_the_next_step(reports: Mapping[str, Report]) -> None:
    """A missing answer comes first if one of another name is there, because other questions may call it."""
    first, *others = reports["partly"].questions
    checks = tuple(replace(c, verdict=Verdict.NOT_ATTEMPTED, points=0.0, is_misnamed=True) for c in first.checks)
    report = replace(reports["partly"], questions=(*others, replace(first, checks=checks, score=0.0)))
    html = PAGES.render_student_page(report)
    advice = html[html.index('id="next"') : html.index('id="q1"')]
    assert f'href="#q{len(report.questions)}"' in advice.split("Then:")[0]


def test_a_marked_question_shows_its_mark_and_waits_for_nobody(reports: Mapping[str, Report]) -> None:
    """With a mark below the full points, no line is pending, and the next step gives the mark and its comment."""
    waiting = reports["answers"].questions[-1]
    mark = Mark("why", 0.5, 1.0, "Say which sign.", ("names a sign",), "Prof. Eve")
    marked = replace(waiting, mark=mark, score=0.5, pending=0.0)
    report = replace(reports["answers"], questions=(marked,), score=0.5, max_score=1.0, pending=0.0)
    html = PAGES.render_student_page(report)
    text = re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL))
    assert "pending" not in text
    assert "A person reads and marks this." not in text
    assert "Every question is right." not in text
    assert "Next step Why Marked by a person: 0.5 of 1 points. Say which sign." in text
    assert "Why ◐ partly right 0.5 of 1" in text
    assert "Marked by a person names a sign Say which sign." in text


def test_a_marked_question_that_earned_everything_is_right(reports: Mapping[str, Report]) -> None:
    """With full points for the only question, nothing is left to do."""
    waiting = reports["answers"].questions[-1]
    marked = replace(waiting, mark=Mark("why", 1.0, 1.0), score=1.0, pending=0.0)
    html = PAGES.render_student_page(
        replace(reports["answers"], questions=(marked,), score=1.0, max_score=1.0, pending=0.0)
    )
    assert "Every question is right. There is nothing left to do." in html
    assert "A person reads and marks this." not in html


def test_a_page_does_not_depend_on_the_run_time(reports: Mapping[str, Report]) -> None:
    """The duration of the run is not on the page, so that an equal grading gives an equal file."""
    one = reports["partly"]
    assert PAGES.render_student_page(one) == PAGES.render_student_page(replace(one, elapsed_ms=one.elapsed_ms + 1))


def test_a_date_is_shown_only_where_given(reports: Mapping[str, Report]) -> None:
    """A page shows the date that it is given, unchanged."""
    assert "1 May" in PageRenderer("Course", "1 May").render_student_page(reports["partly"])
    assert "1 May" not in PAGES.render_student_page(reports["partly"])


@pytest.mark.parametrize("letter", ["x", "<", "\x00", "'", "\n", "x = '<'\n", "€ "])
def test_a_page_stays_small_for_any_submission(letter: str, reports: Mapping[str, Report]) -> None:
    """With a megabyte of code, endless messages, output and tables, a student's page is smaller than 200 kB."""
    much = letter * 20_000
    cells = tuple((much[:400],) * 12 for _ in range(12))
    table = TensorTable(much, (100, 100), much, cells, tuple((r, c) for r in range(12) for c in range(12)))
    shown = CheckDetails((table,) * 12, (table,) * 12, (table,) * 12)
    questions = tuple(
        replace(
            reports["partly"].questions[1],
            code=f"{much * 3}{i}",
            checks=tuple(
                replace(c, message=f"{i}{k}{much}", printed=much, remarks=(much,) * 50, details=shown)
                for k, c in enumerate(reports["partly"].questions[1].checks)
            ),
        )
        for i in range(8)
    )
    cells_in = tuple(Cell(much * 3, "code" if i % 2 else "markdown", f"cell {i}") for i in range(40))
    large = replace(reports["partly"], questions=questions, cell_remarks=((much, much),) * 200, cells=cells_in)
    assert len(PAGES.render_student_page(large).encode()) <= MAX_PAGE_BYTES


def test_checks_that_fail_alike_are_grouped(reports: Mapping[str, Report]) -> None:
    """Checks that fail for the same reason are below the first of them; silently passed checks are folded."""
    html = PAGES.render_student_page(reports["long"])
    body = html[html.index('id="q1"') :]
    assert body.count("You divided by the sum") == 1
    assert "6 checks passed" in Seen(body).text.replace("more ", "")
    assert all(f"A batch of {i} rows." in body for i in range(3, 8))
    assert all(f"Rows of length {i}" in body for i in range(6))


def test_corrected_outputs_are_mentioned_once(reports: Mapping[str, Report]) -> None:
    """Passed checks that were judged with another output corrected are folded, and the reason is given once."""
    question = reports["long"].questions[0]
    passed = next(check for check in question.checks if check.verdict is Verdict.PASSED)
    said = "Judged with delta2 set right."
    carried = tuple(replace(passed, name=f"c{i}", message=said, carried=("delta2",)) for i in range(5))
    report = replace(reports["long"], questions=(replace(question, checks=carried),))
    text = Seen(PAGES.render_student_page(report)).text
    assert text.count(said) == 1
    assert "5 checks passed" in text


def test_each_cell_has_its_comments(reports: Mapping[str, Report]) -> None:
    """The notebook is on the page in its order, with advice and remarks at the cells that they concern."""
    html = PAGES.render_student_page(reports["partly"])
    cells = re.findall(r'<li class="[a-z ]+" id="cell\d+">.*?(?=<li class="[a-z ]+" id="cell|</section>)', html, re.S)
    assert [re.findall(r"<bdi>(cell \d+)</bdi>", cell) for cell in cells] == [
        [f"cell {i}"] for i in (1, 2, 4, 5, 6, 8, 9)
    ]
    assert ["whole batch" in cell for cell in cells] == [False, False, True, False, False, False, False]
    assert "arrange" in cells[4]
    assert "plt" in cells[6].split("notes", 1)[1]
    assert "<math" in cells[0]
    assert "<math" in cells[3]


@pytest.mark.parametrize("answer", [None, "", "[]", "{}", '{"code": [], "markdown": [], "formulas": []}', "[" * 9999])
def test_the_page_is_complete_without_a_typeset_notebook(answer: str | None, reports: Mapping[str, Report]) -> None:
    """If the typesetter died or gave an invalid answer, the page says so and shows everything else."""
    html = PageRenderer("Course", typesetter=lambda request: answer).render_student_page(reports["partly"])
    assert "It could not be shown here" in html
    assert "whole batch" in html
    assert "softmax" in html


@SLOW
@given(text=HOSTILE)
def test_hostile_cells_add_nothing_but_known_elements(text: str, reports: Mapping[str, Report]) -> None:
    """A notebook's markdown and code add no address, script, image, style or event."""
    cells = (
        Cell(text, "markdown", "cell 1"),
        Cell(f"# {text}\n$${text}$$\n\n- {text}", "markdown", "cell 2"),
        Cell(text),
    )
    seen = Seen(PAGES.render_student_page(replace(reports["partly"], questions=(), cells=cells)))
    tags = {tag for tag, _ in seen.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "input", "base", "video", "audio"}
    assert [tag for tag, _ in seen.tags].count("svg") == 1  # the score strip
    assert tags.isdisjoint({"style"}) or [tag for tag, _ in seen.tags].count("style") == 1
    attributes = {name for tag, attrs in seen.tags for name in attrs if tag != "link"}
    assert not attributes & {"src", "style", "srcset", "action", "background", "data"}
    assert not [name for name in attributes if name.startswith("on") or name == "xlink:href"]
    assert all((attrs.get("href") or "#").startswith("#") for tag, attrs in seen.tags if tag != "link")
    assert not seen.others
