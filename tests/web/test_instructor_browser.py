"""The instructor's pages in a real Chromium: on a phone, for everybody, by keyboard alone."""

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
    """A phone."""
    context = browser.new_context(base_url=server.url, viewport={"width": 390, "height": 800})
    context.set_default_timeout(SLOW)
    yield context.new_page()
    context.close()


def _enter(page: Page, store: Store, name: str) -> None:
    page.goto(f"/invitation/{store.accounts.reset(name, timedelta(days=1))}")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Class")).to_be_visible(timeout=SLOW)


def test_every_page_is_for_everybody(page: Page, join: Joins, store: Store) -> None:
    """Nothing is cut off on a phone, no student's text runs, axe finds nothing; and marking works by keyboard alone."""
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
    assert store.marks.of([one.id])[one.id]["why"].points == 1.5
