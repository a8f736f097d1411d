"""The portal's settings: its secret, and its public address.

Covers `web/app_state.py` and `web/pages/health.py`.
"""

import shutil
import stat
from pathlib import Path

import httpx
import pytest

from grader.core.errors import UsageError
from grader.store import Store
from grader.web.app import create_app
from grader.web.app_state import Portal, open_portal
from grader.web.settings import PortalSettings, load_secret, resolve_public_url
from tests.web.loop import run


class Client:
    """A client of an application in this process."""

    def __init__(self, portal: Portal, url: str) -> None:
        self._app, self._url = create_app(portal), url

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Return the response."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url=self._url) as client:
                return await client.get(path, headers=headers)

        return run(ask())


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    """The file lies beside the database, with mode 0600 under any umask; the second start reads it."""
    db = f"sqlite:///{tmp_path / 'grader.db'}"
    made = load_secret(db, {})
    (file,) = tmp_path.iterdir()
    assert file.name == "grader.db.secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(made) >= 32
    assert load_secret(db, {}) == made
    assert load_secret(db, {"GRADER_SECRET": "s" * 32}) == b"s" * 32


def test_a_bad_secret_is_refused(tmp_path: Path) -> None:
    """A short, readable, emptied or unwritable secret gives one line that says what to do."""
    db = f"sqlite:///{tmp_path / 'grader.db'}"
    with pytest.raises(UsageError, match="shorter than 32"):
        load_secret(db, {"GRADER_SECRET": "short"})
    load_secret(db, {})
    file = tmp_path / "grader.db.secret"
    file.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        load_secret(db, {})
    file.chmod(0o600)
    file.write_bytes(b"")
    with pytest.raises(UsageError, match="delete it"):
        load_secret(db, {})
    with pytest.raises(UsageError, match="GRADER_SECRET"):
        load_secret(f"sqlite:///{tmp_path / 'nowhere' / 'grader.db'}", {})


def test_a_public_address_is_required_on_a_network() -> None:
    """This machine's own addresses need no public address; others need one, with https to be safe."""
    assert resolve_public_url(None, "127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert resolve_public_url(None, "::1", 80) == "http://[::1]:80"
    assert resolve_public_url("https://grader.example.org/", "0.0.0.0", 80) == "https://grader.example.org"
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        with pytest.raises(UsageError, match="in the clear"):
            resolve_public_url(None, host, 80)
    for wrong in ("grader.example.org", "ftp://e.org", "https://", "https://e.org/path", "https://e.org?x"):
        with pytest.raises(UsageError, match="is not an address"):
            resolve_public_url(wrong, "127.0.0.1", 80)


def test_behind_tls_everything_is_https_only(course: Path, sqlite_url: str) -> None:
    """Cookies are for https and this host only, browsers are told to use https only, other hosts get nothing."""
    settings = PortalSettings(course, sqlite_url, b"s" * 32, "https://grader.example.org")
    with open_portal(settings) as portal:
        client = Client(portal, "https://grader.example.org")
        answer = client.get("/sign-in")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert answer.headers["set-cookie"].startswith("__Host-grader=")
        assert answer.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
        assert client.get("/sign-in", headers={"Host": "grader.example.com"}).status_code == 400


def test_health_checks_report_the_state(course: Path, sqlite_url: str, tmp_path: Path) -> None:
    """The portal is ready while the records can be used, and reports waiting and grading; it is alive regardless."""
    with open_portal(PortalSettings(course, sqlite_url, b"s" * 32, "http://127.0.0.1")) as portal:
        client = Client(portal, "http://127.0.0.1")
        portal.store.record("ada", "doubling", b"x = 1", "a.py")
        assert client.get("/readyz").json() == {"database": True, "dispatcher": False, "waiting": 1}
        with Store.open(sqlite_url) as other, other.dispatching() as ours:
            assert ours
            assert client.get("/readyz").json()["dispatcher"] is True
        (tmp_path / "grader.db").rename(tmp_path / "moved.db")
        (tmp_path / "grader.db").write_bytes(b"rubbish, as long as a page" * 200)
        portal.store.close()
        assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").json() == {"database": False}
        assert client.get("/healthz").status_code == 200


def test_students_read_the_courses_language(course: Path, sqlite_url: str, tmp_path: Path) -> None:
    """A French course has a French portal, its errors included; a page declares its language."""
    shutil.copytree(course, tmp_path / "french")
    settings = tmp_path / "french" / "reference" / "course.toml"
    settings.write_text(f'language = "fr"\n{settings.read_text()}')
    with open_portal(PortalSettings(tmp_path / "french", sqlite_url, b"s" * 32, "http://127.0.0.1")) as portal:
        client = Client(portal, "http://127.0.0.1")
        page = client.get("/sign-in").text
        assert '<html lang="fr">' in page
        assert "Mot de passe" in page
        assert "vous n'avez pas accès à cette page" in client.get("/nowhere").text.replace("&#39;", "'")
