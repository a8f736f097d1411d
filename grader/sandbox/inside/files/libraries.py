"""Libraries that open files in C: supplied with the files in memory, or refused by name with one sentence."""

import io
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, NoReturn

import numpy as np

REFUSED: Final = {
    "netCDF4": {"Dataset": "netCDF4.Dataset", "MFDataset": "netCDF4.MFDataset"},
    "tables": {"open_file": "tables.open_file"},
    "pandas": {"read_hdf": "pandas.read_hdf", "HDFStore": "pandas.HDFStore"},
    "cv2": {"imwrite": "cv2.imwrite", "VideoCapture": "cv2.VideoCapture", "VideoWriter": "cv2.VideoWriter"},
    "scipy.io": {"netcdf_file": "scipy.io.netcdf_file"},
}
"""Functions and classes by module that can't be used here, with the names that the error says."""


def make_replacements(open_file: Callable[..., Any]) -> list[tuple[object, object]]:
    """Return what replaces what: numpy's functions that open files in C, and those of other loaded libraries."""
    found: list[tuple[object, object]] = [
        (np.fromfile, _make_fromfile(open_file)),
        (np.memmap, _refuse("numpy.memmap", "use numpy.load without mmap_mode")),
    ]
    if (cv2 := sys.modules.get("cv2")) is not None:
        found.append((cv2.imread, _make_imread(cv2, open_file)))
    if (scipy_io := sys.modules.get("scipy.io")) is not None:
        found += [(scipy_io.mmread, _open_before(scipy_io.mmread, open_file))]
    if (h5py := sys.modules.get("h5py")) is not None:
        found.append((h5py.File, _make_hdf5_file(h5py.File, open_file)))
    if (sqlite3 := sys.modules.get("sqlite3")) is not None:
        found.append((sqlite3.connect, _make_connect(sqlite3.connect)))
    for module, names in REFUSED.items():
        loaded = sys.modules.get(module)
        for name, full in names.items():
            if (original := vars(loaded).get(name) if loaded else None) is not None:
                found.append((original, _refuse(full, "its files can't be opened")))
    return found


def refill_numpy_openers(open_file: Callable[..., Any]) -> None:
    """Have `numpy.loadtxt` and its like open files with this function: they keep Python's own since their first use."""
    datasource: Any = sys.modules["numpy.lib._datasource"]
    openers = datasource._file_openers
    openers.keys()  # loads them
    openers._file_openers[None] = open_file


def _refuse(name: str, advice: str) -> type:
    """Return a class that can't be made; being a class, it still serves in `isinstance`."""

    def __new__(cls: type, *_: object, **__: object) -> NoReturn:
        raise io.UnsupportedOperation(f"{name} is not available here: {advice}")

    return type(name.rpartition(".")[2], (), {"__new__": __new__, "__module__": name.rpartition(".")[0]})


def _make_fromfile(open_file: Callable[..., Any]) -> Callable[..., Any]:
    def fromfile(
        file: Any, dtype: Any = float, count: int = -1, sep: str = "", offset: int = 0, *, like: object = None
    ) -> Any:
        """Construct an array from data in a text or binary file."""
        if not hasattr(file, "read"):
            with open_file(file, "rb") as opened:
                return fromfile(opened, dtype, count, sep, offset)
        file.seek(offset, io.SEEK_CUR)
        if sep:
            text = file.read()
            return np.fromstring(text if isinstance(text, str) else text.decode("latin-1"), dtype, count, sep=sep)
        kind = np.dtype(dtype)
        data = file.read(-1 if count < 0 else count * kind.itemsize)
        whole = len(data) // max(1, kind.itemsize) * kind.itemsize
        return np.frombuffer(bytearray(data[:whole]), kind)

    return fromfile


def _make_imread(cv2: ModuleType, open_file: Callable[..., Any]) -> Callable[..., Any]:
    def imread(filename: Any, flags: int = 1) -> Any:
        """Read an image from a file."""
        with open_file(filename, "rb") as opened:
            return cv2.imdecode(np.frombuffer(opened.read(), np.uint8), flags)

    return imread


def _make_hdf5_file(file_type: Any, open_file: Callable[..., Any]) -> type:
    class File(file_type):  # type: ignore[misc]  # h5py may be any version
        """An HDF5 file, read through Python's own file object."""

        def __init__(self, name: Any, mode: str = "r", *args: Any, **options: Any) -> None:
            if isinstance(name, str | bytes | os.PathLike):
                name = open_file(name, {"r": "rb", "r+": "r+b", "w": "w+b", "w-": "x+b", "x": "x+b"}.get(mode, "a+b"))
            super().__init__(name, mode, *args, **options)

    return File


def _make_connect(connect: Callable[..., Any]) -> Callable[..., Any]:
    def connect_to_memory(database: Any, *args: Any, **options: Any) -> Any:
        """Open a database in memory; one in a file is refused."""
        if database not in (":memory:", ""):
            raise io.UnsupportedOperation("sqlite3.connect is available here for ':memory:' only")
        return connect(database, *args, **options)

    return connect_to_memory


def _open_before(function: Callable[..., Any], open_file: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its file opened by Python first."""

    def call(source: Any, *args: Any, **options: Any) -> Any:
        if hasattr(source, "read"):
            return function(source, *args, **options)
        with open_file(source, "rb") as opened:
            return function(opened, *args, **options)

    return call
