"""Pages in a real Chromium: nothing runs, nothing is fetched, and everything is readable.

Covers `feedback/style.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from grader.core.report.report import Report
from grader.core.wire.submission import Cell
from grader.feedback.write_pages import write_all_pages
from grader.services.typesetting import Typesetting

EVIL = (
    "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><svg onload='window.ran = 1'>"
    '"\'><style>@import "http://example.invalid/x.css";</style><iframe src="http://example.invalid/"></iframe>'
    "\u202e\x00\x1b[31m" + "e\u0301\u0301\u0301\u0301\u0301\u0301" * 20 + "W" * 400
)
TRICKS = """<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.ran=1&gt;">

<svg><style><img src=x onerror=window.ran=1></style></svg> <object data="data:text/html,<script>window.ran=1</script>">

![a](data:image/svg+xml,<svg onload=window.ran=1>) <link rel=stylesheet href=http://example.invalid/a.css>

<form action=http://example.invalid><button>go</button></form> <meta http-equiv=refresh content="0;url=http://example.invalid/">

$\\href{javascript:window.ran=1}{x}$ $\\style{background:url(http://example.invalid/b)}{y}$ <base href=http://example.invalid/>

</ol></details></section></main><div style="position:fixed;inset:0">covered</div> <p id=main class=skip>
"""
NAMES = ("partly", "script", "long", "right", "answers", "unreadable", "nobody", "evil")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERIOUS = ("serious", "critical")

CONTRAST = """() => {
  const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const parse = (css) => { if (!known.has(css)) { c.clearRect(0, 0, 1, 1); c.fillStyle = css; c.fillRect(0, 0, 1, 1);
    known.set(css, [...c.getImageData(0, 0, 1, 1).data]); } return known.get(css); };
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    const rgba = parse(c); if (c !== 'rgba(0, 0, 0, 0)' && rgba[3] === 255) return rgba.slice(0, 3); } return null; };
  const bad = [];
  for (const d of document.querySelectorAll('details')) d.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    const style = getComputedStyle(e);
    const a = light(parse(e instanceof SVGElement ? style.fill : style.color).slice(0, 3)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${e.tagName}: ${walker.currentNode.data.slice(0, 40)}`);
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, reports: Mapping[str, Report]) -> Mapping[str, Path]:
    """Write a page in every state, hostile ones included."""
    folder = tmp_path_factory.mktemp("pages")
    partly = reports["partly"]
    question = partly.questions[2]
    check = replace(question.checks[0], says=EVIL, message=EVIL, hint=EVIL, printed=EVIL, remarks=(EVIL,))
    evil = replace(
        partly,
        student=EVIL,
        title=EVIL,
        questions=(replace(question, title=EVIL, code=f"x = 1\n# {EVIL}\n{EVIL}", code_label=EVIL, checks=(check,)),),
        cell_remarks=((EVIL, EVIL),),
        cells=(
            Cell(EVIL, "markdown", EVIL),
            Cell(
                f"# {EVIL}\n\n- {EVIL}\n\n$\\text{{{EVIL}}}$ ![x](http://example.invalid/i.png) [y](javascript:run())",
                "markdown",
            ),
            Cell(TRICKS, "markdown"),
            Cell(f"x = 1\n# {EVIL}\n{EVIL}", "code", "cell 4"),
        ),
    )
    everything = {**reports, "evil": evil}
    with Typesetting() as typesetting:
        written = write_all_pages(everything.values(), folder, "Deep learning, day 1", typesetter=typesetting)
    return {**dict(zip(everything, written.pages, strict=True)), "class": written.class_page}


@pytest.fixture(params=[*NAMES, "class"])
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each page in turn."""
    return str(request.param)


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """Open a tab as wide as a small phone."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def test_nothing_runs_and_nothing_is_fetched(name: str, pages: Mapping[str, Path], narrow: Page) -> None:
    """An opened page makes no request, runs no script, opens no dialog, and violates no rule of its policy."""
    requests: list[str] = []
    heard: list[str] = []
    narrow.on("request", lambda request: requests.append(request.url))
    narrow.on("console", lambda message: heard.append(message.text))
    narrow.on("pageerror", lambda error: heard.append(str(error)))
    narrow.on("dialog", lambda dialog: heard.append(dialog.message))
    url = pages[name].as_uri()
    narrow.goto(url, wait_until="networkidle")
    assert narrow.evaluate("() => window.ran") is None
    assert [r for r in requests if not r.startswith("data:")] == [url]
    assert heard == []


def test_policy_stops_an_unescaped_script(pages: Mapping[str, Path], narrow: Page, tmp_path: Path) -> None:
    """If a script got into a page unescaped, the policy would stop it from running."""
    html = pages["partly"].read_text("utf-8").replace("<body>", "<body><script>window.ran = 1</script>")
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(html, "utf-8")
    heard: list[str] = []
    narrow.on("console", lambda message: heard.append(message.text))
    narrow.goto(spoilt.as_uri(), wait_until="networkidle")
    assert narrow.evaluate("() => window.ran") is None
    assert "Content Security Policy" in "".join(heard)


def test_a_page_fits_a_phone(name: str, pages: Mapping[str, Path], narrow: Page) -> None:
    """At 360 pixels, with all details open, a page doesn't scroll sideways; wide elements scroll on their own."""
    narrow.goto(pages[name].as_uri())
    narrow.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert narrow.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_axe_finds_no_serious_violation(name: str, pages: Mapping[str, Path], narrow: Page) -> None:
    """axe, an independent accessibility checker, finds nothing serious with all details open, in light and dark."""
    narrow.goto(pages[name].as_uri())
    narrow.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for scheme in SCHEMES:
        narrow.emulate_media(color_scheme=scheme)
        found = Axe().run(narrow).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in SERIOUS]
        assert serious == [], scheme


def test_text_has_enough_contrast(name: str, pages: Mapping[str, Path], narrow: Page) -> None:
    """In light and dark, every text has a contrast of at least 4.5 : 1 with its background (WCAG 2 AA)."""
    narrow.goto(pages[name].as_uri())
    for scheme in SCHEMES:
        narrow.emulate_media(color_scheme=scheme)
        assert narrow.evaluate(CONTRAST) == [], scheme


def test_the_keyboard_reaches_links_details_and_wide_tables(pages: Mapping[str, Path], narrow: Page) -> None:
    """The first tab stop skips to the content, the focus is visible, and scrolling elements can be focused."""
    narrow.goto(pages["partly"].as_uri())
    narrow.keyboard.press("Tab")
    assert narrow.evaluate("() => document.activeElement.className") == "skip"
    outline = narrow.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    stops = set()
    for _ in range(40):
        narrow.keyboard.press("Tab")
        stops.add(narrow.evaluate("() => document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"A.", "SUMMARY.", "DIV.scroll"} <= stops


def test_printed_pages_fit_the_paper(name: str, pages: Mapping[str, Path], narrow: Page) -> None:
    """Printed on A4, a page is no wider than the paper, and its tabs and skip links are gone."""
    narrow.set_viewport_size({"width": 680, "height": 960})
    narrow.emulate_media(media="print")
    narrow.goto(pages[name].as_uri())
    assert narrow.evaluate("() => document.documentElement.scrollWidth") <= 680
    assert narrow.evaluate("() => getComputedStyle(document.querySelector('.skip')).display") == "none"
