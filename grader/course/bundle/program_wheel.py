"""The program as a wheel for students: what `pip install` needs, without the bundled course and its answers.

A clone is built by pip, with the build backend that `pyproject.toml` names. An installed program is packed again from
its files. Both give the same names inside; https://packaging.python.org/en/latest/specifications/binary-distribution-format/
describes the format and its RECORD.
"""

import base64
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from grader.core.errors import UsageError, describe_cause
from grader.course.bundle.portable_values import pack_zip
from grader.version import DISTRIBUTION, WHEEL_NAME, __version__

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_METADATA: Final = f"{DISTRIBUTION}-{__version__}.dist-info/"
_BUNDLED_COURSE: Final = "grader/bundled/"
_INSTALLERS_OWN: Final = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")
"""Files in an installed program's metadata that its installer wrote and a wheel doesn't have."""
_BUILD_TIMEOUT_S: Final = 600


def build_program_wheel() -> bytes:
    """Return the running program as the bytes of a wheel named `WHEEL_NAME`. Raises UsageError if it can't be built."""
    clone = _PACKAGE.parent
    files = _build_from_clone(clone) if (clone / "pyproject.toml").is_file() else _read_installed()
    return pack_zip(_with_record({name: data for name, data in files.items() if not name.startswith(_BUNDLED_COURSE)}))


def _build_from_clone(clone: Path) -> dict[str, bytes]:
    """Build the wheel of a clone with pip, and return its files. pip may fetch the build backend from its index."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
        build = [*pip, "wheel", "--no-deps", "--wheel-dir", folder, str(clone)]
        try:
            done = subprocess.run(build, capture_output=True, text=True, errors="replace", timeout=_BUILD_TIMEOUT_S)
            problem = done.stderr.strip().splitlines()[-1:] or ["pip says nothing"] if done.returncode else []
        except (OSError, subprocess.TimeoutExpired) as error:
            problem = [describe_cause(error)]
        wheel = Path(folder) / WHEEL_NAME
        if problem or not wheel.is_file():
            raise UsageError(
                f"--with-program could not build the program's wheel from {clone}: {' '.join(problem)}. "
                "pip needs its index to build; from an installed wheel the option works without"
            )
        with zipfile.ZipFile(io.BytesIO(wheel.read_bytes())) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def _read_installed() -> dict[str, bytes]:
    """Return the files of the installed program, without what belongs to this installation alone."""
    try:
        installed = distribution(DISTRIBUTION).files or ()
    except PackageNotFoundError:
        installed = ()
    files = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in installed
        if file.parts[0] in ("grader", _METADATA.rstrip("/"))
        and file.suffix != ".pyc"
        and not (str(file).startswith(_METADATA) and file.name in _INSTALLERS_OWN)
    }
    if f"{_METADATA}METADATA" not in files:
        raise UsageError("--with-program needs an installed program: install its wheel, or use the clone")
    return files


def _with_record(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files and their RECORD: each file's path, SHA-256 in URL-safe base64 without padding, and size."""
    rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    record = f"{_METADATA}RECORD"
    return dict(sorted(files.items())) | {record: "\n".join([*rows, f"{record},,", ""]).encode()}


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
