"""The documentation in the portal: open to everybody, searched by word, rendered like any other text.

Covers `web/pages/help.py`, `web/views/help_pages.py` and `feedback/document_html.py`.
"""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from grader.services.documents import load_documents

Joins = Callable[..., Any]


@pytest.fixture
def visitor(server: Any) -> Any:
    """Return a client that is not signed in."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def test_the_list_has_every_document(visitor: Any) -> None:
    """Anybody finds all documents by their readers, with the first sentence of each, and a link in the bar."""
    page = visitor.get("/help/").text
    for one in load_documents().values():
        assert f'<a href="/help/{one.topic}">{one.title}</a>' in page
    for label in ("For students", "For instructors", "For administrators", "Reference"):
        assert f">{label}</h2>" in page
    assert '<a href="/help/">Help</a>' in visitor.get("/sign-in").text


@pytest.mark.parametrize("topic", load_documents())
def test_every_document_is_a_page(visitor: Any, topic: str) -> None:
    """It has the title as its only main heading, an anchor per section, and links that lead somewhere."""
    answer = visitor.get(f"/help/{topic}")
    assert answer.status_code == 200
    assert "'none'" in answer.headers["content-security-policy"]
    document = load_documents()[topic]
    (title,) = re.findall(r'<h1 id="([^"]+)">', answer.text)
    assert title == document.sections[0].anchor
    for section in document.sections:
        assert f'id="{section.anchor}"' in answer.text
    article = answer.text.partition("<article")[2]
    for address in re.findall(r'href="(/[^"#]*)', article):
        assert visitor.get(address).status_code == 200, address
    for source in re.findall(r'<img src="([^"]*)', article):
        assert visitor.get(source).headers["content-type"] == "image/png"
    assert ".md)" not in re.sub(r"<pre>.*?</pre>", "", article, flags=re.S)


def test_words_are_searched(visitor: Any) -> None:
    """A hit links to its section and shows the word; what was asked is shown as text."""
    page = visitor.get("/help/", params={"words": "kubernetes"}).text
    assert '<a href="/help/cluster#kubernetes">Grading on a cluster: Kubernetes</a>' in page
    assert "<mark>" in page
    page = visitor.get("/help/", params={"words": '<b>"&'}).text
    assert "0 sections found" in page
    assert 'value="&lt;b&gt;&#34;&amp;"' in page


def test_both_roles_find_the_link(join: Joins) -> None:
    """Students and instructors have the link in their navigation; instructors keep theirs on the pages."""
    ada, eve = join("ada"), join("eve", "instructor")
    assert '<a href="/help/">Help</a>' in ada.get("/exercises").text
    page = eve.get("/help/rules").text
    assert '<a href="/roster">Roster</a>' in page
    assert '<a href="/help/">Help</a>' in page
    assert '<a href="/roster">' not in ada.get("/help/rules").text


def test_other_addresses_lead_nowhere(visitor: Any) -> None:
    """An unknown topic and a file that isn't a picture of the documents are not found."""
    for address in ("/help/none", "/help/images/none.png", "/help/..%2frules", "/help/images/..%2frules.md"):
        assert visitor.get(address).status_code == 404
