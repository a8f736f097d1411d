"""Look up the right result of a call by its arguments, among recorded calls of the reference."""

from collections.abc import Sequence

from grader.core.compare.tensors import Tolerance, compare
from grader.core.wire.job import KnownCall
from grader.core.wire.values import Value


def find_known_call(calls: Sequence[KnownCall], function: str, args: Sequence[Value]) -> KnownCall | None:
    """Return the recorded call of a function with these arguments: an equal one, or else one within the tolerance."""
    own = [known for known in calls if known.function == function and len(known.args) == len(args)]
    for tolerance in (Tolerance(0.0, 0.0), Tolerance()):
        for known in own:
            if _is_equal(known.args, args, tolerance):
                return known
    return None


def _is_equal(expected: Sequence[Value], args: Sequence[Value], tolerance: Tolerance) -> bool:
    """Compare argument by argument; those in single precision have the tolerance that such results have."""
    if tolerance.rtol:
        tolerance = tolerance.for_inputs(tuple(expected))
    return all(compare(one, other, tolerance).mismatch is None for one, other in zip(expected, args, strict=True))
