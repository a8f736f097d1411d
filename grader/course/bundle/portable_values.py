"""Values as JSON, with their arrays in an npz file: nothing is pickled, and reading evaluates nothing.

Text, bools, ints, finite floats, None and lists are themselves in JSON; any other value is an object with one key.
"""

import io
import math
import zipfile
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from grader.core.judging.reference_data import CallFailure
from grader.core.wire.steps import Steps, read_steps
from grader.core.wire.values import DTYPES, Code, Seed, Value

JsonNode = Any
"""A value that `json` reads and writes."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)


class UnsupportedValueError(ValueError):
    """The value can't be written as JSON and arrays, or the data read isn't a value."""


class ValuePacker:
    """Convert values to JSON and collect the arrays in them."""

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}

    def pack(self, value: Value | CallFailure) -> JsonNode:
        """Return a value as JSON. Raises UnsupportedValueError."""
        if value is None or isinstance(value, str) or type(value) in (bool, int):
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if type(value) is complex:
            return {"complex": [self.pack(value.real), self.pack(value.imag)]}
        if isinstance(value, np.ndarray | np.generic):
            return {"scalar" if isinstance(value, np.generic) else "array": self._array(np.asarray(value))}
        if type(value) is list:
            return [self.pack(item) for item in value]
        if type(value) is tuple:
            return {"tuple": [self.pack(item) for item in value]}
        if isinstance(value, dict):
            return {"dict": [[self.pack(key), self.pack(item)] for key, item in value.items()]}
        if isinstance(value, Code):
            return {"code": value.expression}
        if isinstance(value, Seed):
            return {"seed": value.number}
        if isinstance(value, Steps):
            return {"steps": self.pack(value.as_value())}
        if isinstance(value, CallFailure):
            return {"failed": f"{value.type} {value.operation}".rstrip()}
        raise UnsupportedValueError(f"{type(value).__name__} can't be stored in a bundle")

    def _array(self, array: np.ndarray[Any, Any]) -> str:
        if array.dtype.str not in DTYPES:
            raise UnsupportedValueError(f"an array of dtype {array.dtype} can't be stored in a bundle")
        name = f"a{len(self.arrays) + 1}"
        self.arrays[name] = array
        return name


def unpack_value(node: JsonNode, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Any:
    """Return the value in JSON and arrays. Raises KeyError, TypeError or ValueError for invalid data."""
    if isinstance(node, list):
        return [unpack_value(item, arrays) for item in node]
    if not isinstance(node, dict):
        return node
    ((kind, content),) = node.items()
    match kind:
        case "float":
            return float(content)
        case "complex":
            return complex(*(unpack_value(part, arrays) for part in content))
        case "array":
            return arrays[content].copy()
        case "scalar":
            return arrays[content][()]
        case "tuple":
            return tuple(unpack_value(item, arrays) for item in content)
        case "dict":
            return {unpack_value(key, arrays): unpack_value(item, arrays) for key, item in content}
        case "code":
            return Code(content)
        case "seed":
            return Seed(content)
        case "steps":
            return read_steps(unpack_value(content, arrays))
        case "failed":
            return CallFailure(*content.split(" ", 1)) if content else CallFailure()
    raise UnsupportedValueError(f"unknown kind {kind!r}")


def pack_npz(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Return the arrays as an npz file; equal arrays give equal bytes, because it contains no date."""
    files = {}
    for name, array in arrays.items():
        stream = io.BytesIO()
        np.lib.format.write_array(stream, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
        files[f"{name}.npy"] = stream.getvalue()
    return pack_zip(files)


def pack_zip(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file; equal files give equal bytes, because it contains no dates, owners or modes of a machine."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every machine
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()
