"""Tests of the scheduler's address: without TLS nothing leaves this machine."""

from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.grading.cluster.address import Certificates, Scheduler, is_local


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Return certificates with readable files."""
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("")
    return Certificates(tmp_path / "ca.pem", tmp_path / "cert.pem", tmp_path / "key.pem")


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786", "tcp://127.9.9.9:9"]
)
def test_this_machine_needs_no_certificates(address: str) -> None:
    """Loopback is used without TLS, and then only workers on loopback are used."""
    scheduler = Scheduler(address)
    assert not scheduler.encrypted
    assert scheduler.allows("tcp://127.0.0.1:4321")
    assert not scheduler.allows("tcp://192.0.2.7:4321")


@pytest.mark.parametrize("address", ["tcp://192.0.2.7:8786", "tcp://10.0.0.1:8786", "tcp://0.0.0.0:1", "tcp://[::]:1"])
def test_another_machine_without_tls_is_refused(address: str) -> None:
    """Another machine is refused in one line with a remedy, whatever certificates there are."""
    with pytest.raises(UsageError, match="is another machine, and tcp:// is not encrypted") as refusal:
        Scheduler(address)
    assert "\n" not in str(refusal.value)


def test_an_unknown_name_is_not_loopback() -> None:
    """A name that can't be resolved isn't trusted."""
    assert not is_local("no-such-host.invalid")


def test_tls_needs_certificates(certificates: Certificates) -> None:
    """With TLS, workers are reached by TLS too; others are not used."""
    with pytest.raises(UsageError, match="needs certificates; give --tls-ca, --tls-cert, --tls-key"):
        Scheduler("tls://192.0.2.7:8786")
    scheduler = Scheduler("tls://192.0.2.7:8786", certificates)
    assert scheduler.encrypted
    assert scheduler.allows("tls://192.0.2.8:4321")
    assert not scheduler.allows("tcp://127.0.0.1:4321")


def test_an_unreadable_certificate_is_named(certificates: Certificates) -> None:
    """An unreadable certificate is refused before anything is connected."""
    certificates.certificate.unlink()
    with pytest.raises(UsageError, match=r"cert\.pem can't be read \(No such file or directory\): name a PEM file"):
        Scheduler("tls://192.0.2.7:8786", certificates)


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1:8786", "tcp://", "tcp://127.0.0.1", "http://127.0.0.1:1", "tcp://[::1"]
)
def test_a_malformed_address_is_refused(text: str) -> None:
    """A malformed address is refused with the expected form."""
    with pytest.raises(
        UsageError, match=r"is not the address of a scheduler: write tls://HOST:PORT, or tcp://HOST:PORT"
    ):
        Scheduler(text)
