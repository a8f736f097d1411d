"""An array that misreports its bytes is sent with its real bytes."""
# value: array([7., 7.])

import numpy as np


class Liar(np.ndarray):
    def tobytes(self, order="C"):
        return np.array([1.0, 2.0]).tobytes()

    def __array__(self, *a, **k):
        return np.array([1.0, 2.0])

    def __eq__(self, other):
        return True

    def view(self, *a):
        return np.array([1.0, 2.0])

    @property
    def shape(self):
        return (9, 9)

    def __array_function__(self, *a, **k):
        return True

    def __array_ufunc__(self, *a, **k):
        return True


def attack(facts):
    return np.full(2, 7.0).view(Liar)
