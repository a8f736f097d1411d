"""The portal in a real Chromium: live with its script, complete without, on a phone, accessible."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from grader.store import Store

PASSWORD = "four words in a row"
EVIL = (
    "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><svg onload='window.ran = 1'>"
    '"\'><iframe src="http://example.invalid/"></iframe>\u202e'
)
SLOW = 120_000


def _script(body: str) -> FilePayload:
    return {"name": "mine.py", "mimeType": "text/x-python", "buffer": f"def twice(x):\n    return {body}\n".encode()}


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, server: Any) -> Iterator[Opens]:
    """Open a browser of its own; failures, blocked requests and requests to other hosts fail the test."""
    contexts: list[BrowserContext] = []
    told: list[str] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        context.set_default_timeout(SLOW)
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda said: told.append(said.text) if said.type == "error" else None)
        page.on("request", lambda one: told.append(one.url) if not one.url.startswith((server.url, "data:")) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture
def invited(join: Any, store: Store) -> Callable[[str], tuple[str, str]]:
    """Invite a person; return their name and the link."""

    def invite(name: str) -> tuple[str, str]:
        unique = join(name).name
        return unique, f"/invitation/{store.accounts.reset(unique, timedelta(days=1))}"

    return invite


def _accept(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Exercises")).to_be_visible()


def _follow(page: Page, target: Locator) -> None:
    """Click a link, and wait for its page."""
    with page.expect_navigation():
        target.click()


def _hand_in(page: Page, body: str) -> None:
    page.get_by_label("Your notebook (.ipynb) or script (.py)").set_input_files(_script(body))
    _follow(page, page.get_by_role("button", name="Hand in"))


def test_grading_is_watched_live(opens: Opens, invited: Any) -> None:
    """From the invitation to the feedback: a file is dropped, and its state changes on the open page."""
    page = opens()
    _accept(page, invited("ada")[1])
    page.get_by_role("link", name="Doubling").click()
    _hand_in(page, "x * x")
    page.evaluate("window.same = true")
    expect(page.get_by_role("link", name="Read the feedback")).to_be_visible()
    assert page.evaluate("window.same") is True
    assert not page.locator("[hx-get]").count()
    page.get_by_role("link", name="Read the feedback").click()
    expect(page.get_by_text("You squared it.").first).to_be_visible()
    page.get_by_role("link", name="Doubling").click()
    _hand_in(page, "x + x")
    page.goto("/exercises/doubling")
    page.evaluate("window.same = true")
    expect(page.get_by_role("link", name="Feedback to attempt 2")).to_be_visible()
    assert page.evaluate("window.same") is True


def test_all_works_without_a_script(opens: Opens, invited: Any) -> None:
    """The same steps work without scripts, by reloading the page; signing out works too."""
    page = opens(java_script_enabled=False)
    name, link = invited("ada")
    _accept(page, link)
    page.get_by_role("link", name="Doubling").click()
    _hand_in(page, "x + x")
    for _ in range(200):
        if not page.get_by_role("link", name="Reload").count():
            break
        _follow(page, page.get_by_role("link", name="Reload"))
    page.get_by_role("link", name="Read the feedback").click()
    expect(page.get_by_text("of 3 points").first).to_be_visible()
    page.get_by_role("link", name="All exercises").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exercises")).to_be_visible()


def test_help_is_found_with_the_keyboard(opens: Opens) -> None:
    """Without an account, with Tab and Enter alone: from the sign-in page to a section that contains a word."""
    page = opens()
    page.goto("/sign-in")
    page.get_by_role("link", name="Help").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Search the documents").focus()
    page.keyboard.type("receipt fingerprint")
    page.keyboard.press("Enter")
    hit = page.get_by_role("link", name="For students: Hand in")
    expect(hit).to_be_visible()
    hit.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hand in")).to_be_in_viewport()


def test_every_page_is_accessible(opens: Opens, invited: Any) -> None:
    """On a phone nothing is cut off or scrolls sideways; axe finds no violation, in light and in dark."""
    page = opens(viewport={"width": 390, "height": 800})
    link = invited("a" * 40)[1]
    axe = Axe()

    def look() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
            found = axe.run(page).response["violations"]
            assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == [], page.url

    for path in ("/sign-in", "/help/", "/help/?words=late", "/help/students", "/help/lms", link):
        page.goto(path)
        look()
    _accept(page, link)
    look()
    page.goto("/exercises/doubling")
    _hand_in(page, "x * x")
    look()
    expect(page.get_by_role("link", name="Read the feedback")).to_be_visible()
    look()
    for path in ("/exercises/doubling", "/exercises", "/password", "/exercises/doubling/attempts/1?again=1"):
        page.goto(path)
        look()
    _follow(page, page.get_by_role("link", name="Read the feedback"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_is_enough(opens: Opens, invited: Any) -> None:
    """Tab reaches the skip link, then the bar, then the content, each visibly focused."""
    page = opens()
    _accept(page, invited("ada")[1])
    page.goto("/exercises/doubling")
    stops: list[str] = []
    while "Hand in" not in stops and len(stops) < 30:
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert stops[:2] == ["Skip to content", "Small"]
    assert stops[2:5] == ["Password", "Tokens", "Help"]
    assert stops[5:9] == ["Sign out", "All exercises", "doubling.ipynb", "doubling.zip"]
    assert stops[-2:] == ["file", "Hand in"]


def test_hostile_markup_does_not_run(opens: Opens, invited: Any) -> None:
    """Markup in names, cells and messages is text on every page; nothing runs, nothing is fetched."""
    page = opens()
    _accept(page, invited("ada")[1])
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": EVIL},
        {"cell_type": "code", "metadata": {}, "source": f"raise ValueError({EVIL!r})", "outputs": []},
        {"cell_type": "code", "metadata": {}, "source": f"def twice(x):\n    return {EVIL!r}", "outputs": []},
    ]
    book = {"cells": [c | {"id": f"c{i}"} for i, c in enumerate(cells)], "metadata": {}, "nbformat": 4}
    data = json.dumps(book | {"nbformat_minor": 5}).encode()
    page.goto("/exercises/doubling")
    page.get_by_label("Your notebook (.ipynb) or script (.py)").set_input_files(
        {"name": f"{EVIL.replace('/', '')}.ipynb", "mimeType": "x/y", "buffer": data}
    )
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("link", name="Read the feedback")).to_be_visible()
    for path in ("", "/attempts/1", "/attempts/1/feedback"):
        page.goto(f"/exercises/doubling{path}")
        assert page.evaluate("window.ran") is None
        assert not page.locator("main img, main iframe, main script").count()
