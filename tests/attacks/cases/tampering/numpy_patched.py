"""numpy patched inside the sandbox doesn't affect the judge's numpy."""
# ends: done | died
# value: any
# honest: lost

import numpy as np


def attack(facts):
    np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
    np.testing.assert_allclose = lambda *a, **k: None
    np.save = np.asarray = lambda *a, **k: None
    np.ndarray_tobytes = None
    return np.array([1.0, 2.0, 3.0])
