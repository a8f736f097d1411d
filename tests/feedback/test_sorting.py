"""Tables of the class page sort in a real Chromium, and are readable without the script."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrollment
from grader.feedback.write_pages import write_all_pages

NAMES = "[...document.querySelectorAll('table.students tbody tr')].map((r) => r.cells[0].textContent.trim())"
POINTS = "[...document.querySelectorAll('table.students tbody tr')].map((r) => r.cells[1].dataset.value)"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, reports: Mapping[str, Report]) -> str:
    """Return the address of the class page of four students, one of whom handed in nothing."""
    scores = {"student 10": 9.0, "student 9": 10.0, "Ä": 0.5}
    made = [replace(reports["partly"], student=name, score=score, max_score=10.0) for name, score in scores.items()]
    folder: Path = tmp_path_factory.mktemp("sorting")
    return write_all_pages(made, folder, "Course", enrollment=Enrollment(("nobody",))).class_page.as_uri()


def test_a_header_sorts_by_mouse_and_keyboard(page: str, browser: Browser) -> None:
    """Points sort down first, then up, by value, with missing ones last; names sort naturally."""
    tab = browser.new_page()
    tab.set_default_timeout(120_000)
    tab.goto(page)
    points = tab.locator("table.students thead th").nth(1)
    points.locator("button").click()
    assert points.get_attribute("aria-sort") == "descending"
    assert tab.evaluate(POINTS) == ["10.0", "9.0", "0.5", ""]
    points.locator("button").focus()
    tab.keyboard.press("Enter")
    assert points.get_attribute("aria-sort") == "ascending"
    assert tab.evaluate(POINTS) == ["0.5", "9.0", "10.0", ""]
    names = tab.locator("table.students thead th").nth(0)
    names.locator("button").focus()
    tab.keyboard.press("Space")
    assert tab.evaluate(NAMES) == ["Ä", "nobody", "student 9", "student 10"]
    assert points.get_attribute("aria-sort") is None
    tab.close()


def test_without_a_script_nothing_is_missing(page: str, browser: Browser) -> None:
    """With scripts switched off, the table has the same cells in a sensible order, and no useless button."""
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    tab.goto(page)
    assert tab.locator("button").count() == 0
    rows = tab.locator("table.students tbody tr th").all_text_contents()
    assert [row.strip() for row in rows] == ["nobody", "student 10", "student 9", "Ä"]
    context.close()


def test_a_script_that_slips_in_does_not_run(page: str, browser: Browser, tmp_path: Path) -> None:
    """The page's policy runs its own script and no other, even if escaping failed."""
    spoilt = tmp_path / "spoilt.html"
    html = Path(page.removeprefix("file://")).read_text("utf-8")
    spoilt.write_text(html.replace("<main", "<script>window.ran = 1</script><main"), "utf-8")
    tab = browser.new_page()
    tab.goto(spoilt.as_uri())
    assert tab.evaluate("() => window.ran") is None
    assert tab.locator("th button").count() > 0
    tab.close()
