"""The documentation as pages: documents rendered once, with links to each other."""

import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from grader.core.text.messages import Message, gettext
from grader.feedback.document_html import render_document
from grader.services.documents import AUDIENCES, Document, load_documents
from grader.services.typesetting import Typesetting

AUDIENCE_LABELS: Final = {
    "students": gettext("For students"),
    "instructors": gettext("For instructors"),
    "authors": gettext("For authors of exercises"),
    "administrators": gettext("For administrators"),
    "everybody": gettext("Reference"),
    "developers": gettext("For developers"),
}
_DOCUMENT_LINK: Final = re.compile(r"([\w-]+)\.md(#[\w-]*)?")
_IMAGE: Final = re.compile(r"images/([\w-]+\.png)")


@dataclass(frozen=True)
class DocumentGroup:
    """The documents of one kind of readers."""

    label: Message
    documents: tuple[Document, ...]


class HelpPages:
    """Renders documents. Each is rendered once by a disposable process, like any text on a page."""

    def __init__(self, typesetting: Typesetting) -> None:
        self._typesetting = typesetting
        self._rendered: dict[str, Markup] = {}

    def render(self, document: Document) -> Markup | None:
        """Return a document as HTML; None on a machine that can't typeset."""
        if document.topic not in self._rendered:
            anchors = [section.anchor for section in document.sections]
            html = render_document(document.markdown, anchors, resolve_link, resolve_image, self._typesetting)
            if html is None:
                return None
            self._rendered[document.topic] = html
        return self._rendered[document.topic]


def group_documents() -> list[DocumentGroup]:
    """Return all documents by their readers."""
    documents = load_documents().values()
    groups = (
        DocumentGroup(AUDIENCE_LABELS[name], tuple(one for one in documents if one.audience == name))
        for name in AUDIENCES
    )
    return [group for group in groups if group.documents]


def resolve_link(address: str) -> str | None:
    """Return the address of another document's page, of a place on this page, or of another site."""
    document = _DOCUMENT_LINK.fullmatch(address)
    if document:
        return f"/help/{document[1]}{document[2] or ''}" if document[1] in load_documents() else None
    return address if address.startswith(("https://", "#")) else None


def resolve_image(address: str) -> str | None:
    """Return the address of a picture of the documents."""
    image = _IMAGE.fullmatch(address)
    return f"/help/images/{image[1]}" if image else None
