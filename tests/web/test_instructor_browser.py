"""The instructor's pages in a real Chromium: on a phone, accessible, by keyboard alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from grader.store import Store

PASSWORD = "four words in a row"
SLOW = 120_000
SAID = b'# %% [markdown] question="why"\n# *question: why*\n#\n# Because <script>window.ran = 1</script> so.\n'
Joins = Callable[..., Any]


@pytest.fixture
def page(browser: Browser, server: Any) -> Iterator[Page]:
    """Open a page on a phone."""
    context = browser.new_context(base_url=server.url, viewport={"width": 390, "height": 800})
    context.set_default_timeout(SLOW)
    yield context.new_page()
    context.close()


def _enter(page: Page, store: Store, name: str) -> None:
    page.goto(f"/invitation/{store.accounts.reset(name, timedelta(days=1))}")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Class")).to_be_visible()


def test_every_page_is_accessible(page: Page, join: Joins, store: Store) -> None:
    """Nothing is cut off on a phone, no student's text runs, axe finds nothing; marking works by keyboard alone."""
    ada, eve = join("ada"), join("eve", "instructor")
    assert ada.hand_in("saying", SAID, "<img src=x onerror='window.ran = 1'>.py").status_code == 303
    ada.page("saying")
    (one,) = store.submissions(student=ada.name)
    _enter(page, store, eve.name)
    paths = (
        "/class",
        "/submissions",
        f"/student?name={ada.name}",
        "/roster",
        "/marking",
        "/export",
        "/course",
        "/regrade",
        "/tokens",
    )
    for path in (*paths, f"/marking/{one.id}/why"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate("window.ran") is None, path
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], path
    page.get_by_label("It says because").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/marking/{one.id}/why"))
    assert store.marks.load([one.id])[one.id]["why"].points == 1.5


def test_all_works_without_a_script(browser: Browser, server: Any, join: Joins, store: Store) -> None:
    """Without JavaScript a table is read into the roster, an answer is marked, and the course is checked."""
    ada, eve = join("ada"), join("eve", "instructor")
    ada.hand_in("saying", SAID)
    ada.page("saying")
    (one,) = store.submissions(student=ada.name)
    context = browser.new_context(
        base_url=server.url, viewport={"width": 390, "height": 800}, java_script_enabled=False
    )
    context.set_default_timeout(SLOW)
    page = context.new_page()
    _enter(page, store, eve.name)
    page.get_by_role("link", name="Roster").click()
    table = f"id,name\n{ada.name},Ada of the table\n".encode()
    page.get_by_label("Add students from a CSV file").set_input_files(
        {"name": "class.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_role("button", name="Add students", exact=True).click()
    expect(page.get_by_text("1 student is on record.")).to_be_visible()
    expect(page.get_by_text("Ada of the table")).to_be_visible()

    page.get_by_role("link", name="Marking").click()
    page.get_by_role("link", name=ada.name).click()
    page.get_by_label("It is short").check()
    page.get_by_label("Comment for the student").fill("Longer, please.")
    page.get_by_role("button", name="Save and go to next").click()
    page.wait_for_url(lambda url: not url.endswith(f"/marking/{one.id}/why"))
    mark = store.marks.load([one.id])[one.id]["why"]
    assert (mark.points, mark.comment) == (0.5, "Longer, please.")

    page.get_by_role("link", name="Course").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Check the course").click()
    while page.get_by_role("link", name="Reload").count():
        with page.expect_navigation():
            page.get_by_role("link", name="Reload").click()
    expect(page.get_by_text("This version of the course did not pass the check")).to_be_visible()
    assert page.locator("html").evaluate("root => root.scrollWidth") <= 390
    context.close()
