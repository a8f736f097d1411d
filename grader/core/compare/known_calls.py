"""Look up the right result of a call by its arguments, among recorded calls of the reference."""

from collections.abc import Mapping, Sequence

from grader.core.compare.tensors import Tolerance, compare
from grader.core.wire.job import KnownCall
from grader.core.wire.values import Value


def find_known_call(
    calls: Sequence[KnownCall], function: str, args: Sequence[Value], by_name: Mapping[str, Value] | None = None
) -> KnownCall | None:
    """Return the recorded call of a function with these arguments: an equal one, or else one within the tolerance.

    Arguments `by_name` have the reference's names of the parameters.
    """
    own = [
        (known, known.complete(known.args, {}), known.complete(args, by_name or {}))
        for known in calls
        if known.function == function
    ]
    for tolerance in (Tolerance(0.0, 0.0), Tolerance()):
        for known, expected, given in own:
            if expected is not None and given is not None and _is_equal(expected, given, tolerance):
                return known
    return None


def _is_equal(expected: Sequence[Value], args: Sequence[Value], tolerance: Tolerance) -> bool:
    """Compare as many arguments one by one; those in single precision have the tolerance that such results have."""
    if len(expected) != len(args):
        return False
    if tolerance.rtol:
        tolerance = tolerance.for_inputs(tuple(expected))
    return all(compare(one, other, tolerance).mismatch is None for one, other in zip(expected, args, strict=True))
