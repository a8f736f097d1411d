"""Take the pictures of the documents anew, from the pages of `grader demo` in Chromium.

    python tests/docs/take_pictures.py

GRADER_CHROMIUM may name the browser. Look at the pictures before you commit them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[2] / "grader" / "docs" / "images"
WIDTH = 1100


def main() -> None:
    """Grade the demo class, and take one picture of a student's page and one of the class page."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = Path(folder) / "demo"
        subprocess.run([sys.executable, "-m", "grader", "demo", "--to", str(demo)], check=True)
        chromium = os.environ.get("GRADER_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 800})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        IMAGES.mkdir(exist_ok=True)
        take_student_page(page, demo / "report" / "lise" / "losses.html")
        take_class_page(page, demo / "report" / "index.html")
        browser.close()


def take_student_page(page: Page, file: Path) -> None:
    """Take the beginning of the question on softmax: the score, the wrong tensor, the advice and the answer."""
    page.goto(file.as_uri())
    box = page.locator(".question", has=page.get_by_role("heading", name="Softmax", exact=True)).bounding_box()
    assert box
    take(page, "student-page", int(box["y"]), 760)


def take_class_page(page: Page, file: Path) -> None:
    """Take the top of the class page, with the distribution of scores."""
    page.goto(file.as_uri())
    take(page, "class-page", 0, 880)


def take(page: Page, name: str, top: int, height: int) -> None:
    """Write a part of the page in its whole width."""
    page.screenshot(
        path=IMAGES / f"{name}.png", full_page=True, clip={"x": 0, "y": top, "width": WIDTH, "height": height}
    )


if __name__ == "__main__":
    main()
