"""The scheduler's address and the security of its connection: certificates, or nothing but this machine."""

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from grader.core.errors import UsageError


@dataclass(frozen=True)
class Certificates:
    """Three PEM files: the trusted authority, our certificate, and our key, which may be part of the second file."""

    authority: Path
    certificate: Path
    key: Path | None = None


@dataclass(frozen=True)
class Scheduler:
    """A scheduler's address, with the certificates for a `tls://` one. Raises UsageError if it isn't safe."""

    address: str
    certificates: Certificates | None = None

    def __post_init__(self) -> None:
        scheme, host = _split_address(self.address)
        if scheme == "tls":
            if self.certificates is None:
                raise UsageError(
                    f"the scheduler {self.address} needs certificates", "give --tls-ca, --tls-cert, --tls-key"
                )
            _require_readable(self.certificates)
        elif not is_local(host):
            raise UsageError(
                f"the scheduler {self.address} is another machine, and tcp:// is not encrypted: "
                "start the cluster with certificates and write tls://"
            )

    @property
    def encrypted(self) -> bool:
        """Whether all traffic uses TLS."""
        return self.certificates is not None

    @property
    def options(self) -> tuple[str, ...]:
        """The command-line options that specify this scheduler."""
        files = self.certificates
        if files is None:
            return ("--scheduler", self.address)
        key = ("--tls-key", str(files.key.absolute())) if files.key else ()
        given = ("--tls-ca", str(files.authority.absolute()), "--tls-cert", str(files.certificate.absolute()))
        return ("--scheduler", self.address, *given, *key)

    def allows(self, worker: str) -> bool:
        """Return whether a worker of this address may be used: it is reached by TLS, or is on this machine."""
        scheme, host = _split_address(worker)
        return scheme == "tls" if self.encrypted else is_local(host)


def build_scheduler(address: str, authority: Path | None, certificate: Path | None, key: Path | None) -> Scheduler:
    """Return the scheduler that a command's options specify. Raises UsageError."""
    if not address.startswith("tls:") or authority is None or certificate is None:
        return Scheduler(address)
    return Scheduler(address, Certificates(authority, certificate, key))


def is_local(host: str) -> bool:
    """Return whether all addresses of this name are loopback."""
    try:
        found = {item[4][0] for item in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one).partition("%")[0]).is_loopback for one in found)


def _split_address(address: str) -> tuple[str, str]:
    """Return (scheme, host). Raises UsageError."""
    wrong = UsageError(f"{address!r} is not the address of a scheduler: write tls://HOST:PORT, or tcp://HOST:PORT")
    try:
        split = urlsplit(address)
        port = split.port
    except ValueError:
        raise wrong from None
    if port is None or split.scheme not in ("tcp", "tls") or not split.hostname or split.path:
        raise wrong
    return split.scheme, split.hostname


def _require_readable(certificates: Certificates) -> None:
    for file in (certificates.authority, certificates.certificate, certificates.key):
        try:
            with open(file or certificates.certificate, "rb"):
                pass
        except OSError as error:
            raise UsageError(f"{file} can't be read ({error.strerror}): name a PEM file") from None
