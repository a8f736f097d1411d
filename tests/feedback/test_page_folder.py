"""Pages are private, follow no link, and can be published."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from grader.core.errors import UsageError
from grader.feedback.page_folder import PageFolder

NAME = PurePath("ada", "losses.html")


@pytest.fixture(autouse=True, params=[0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set a umask that permits all, or only the owner."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_pages_are_for_their_owner_alone(tmp_path: Path) -> None:
    """New files and folders are private whatever the umask; an existing file keeps its permissions."""
    folder = PageFolder(tmp_path / "new" / "report")
    assert folder.write(NAME, b"one")
    page = folder.path / NAME
    assert (_mode(page), _mode(page.parent), _mode(folder.path)) == (0o600, 0o700, 0o700)
    assert not folder.write(NAME, b"one")
    page.chmod(0o640)
    assert folder.write(NAME, b"two")
    assert (page.read_bytes(), _mode(page)) == (b"two", 0o640)
    assert sorted(page.parent.iterdir()) == [page]


def test_pages_are_published(tmp_path: Path) -> None:
    """With a mode, all files get it, also unchanged ones; folders can be entered by those who may read."""
    PageFolder(tmp_path / "report").write(NAME, b"one")
    PageFolder(tmp_path / "report", 0o644).write(NAME, b"one")
    page = tmp_path / "report" / NAME
    assert (_mode(page), _mode(page.parent), _mode(tmp_path / "report")) == (0o644, 0o755, 0o755)
    PageFolder(tmp_path / "report", 0o640).write(NAME, b"two")
    assert (_mode(page), _mode(page.parent)) == (0o640, 0o750)


@pytest.mark.parametrize("link", ["ada", "ada/losses.html"])
def test_no_link_is_followed(tmp_path: Path, link: str) -> None:
    """A link in the place of a folder or a page is refused by name, and what it leads to stays as it was."""
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "losses.html").write_bytes(b"theirs")
    place = tmp_path / "report" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(target if link == "ada" else target / "losses.html")
    with pytest.raises(UsageError, match=rf"{link} is a link, and pages are written through none: delete it"):
        PageFolder(tmp_path / "report").write(NAME, b"ours")
    assert [one.read_bytes() for one in target.iterdir()] == [b"theirs"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """The folder that the user names may be a link of the user's own."""
    (tmp_path / "real").mkdir()
    (tmp_path / "report").symlink_to("real")
    assert PageFolder(tmp_path / "report").write(NAME, b"ours")
    assert (tmp_path / "real" / NAME).read_bytes() == b"ours"


def test_a_pipe_in_the_place_of_a_page_is_replaced(tmp_path: Path) -> None:
    """A pipe that somebody has put there, and that nobody writes to, keeps nobody waiting; its permissions go, too."""
    page = tmp_path / "page.html"
    os.mkfifo(page, 0o666)
    assert PageFolder(tmp_path).write(PurePath("page.html"), b"page")
    assert (page.read_bytes(), _mode(page)) == (b"page", 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of somebody else's")
def test_permissions_of_somebody_elses_file_are_not_kept(tmp_path: Path) -> None:
    """A file that somebody else has put in the place of a page doesn't make the page readable for them."""
    page = tmp_path / "page.html"
    page.write_bytes(b"bait")
    page.chmod(0o666)
    os.chown(page, 65534, 65534)
    assert PageFolder(tmp_path).write(PurePath("page.html"), b"page")
    assert (page.read_bytes(), _mode(page), page.stat().st_uid) == (b"page", 0o600, os.geteuid())
