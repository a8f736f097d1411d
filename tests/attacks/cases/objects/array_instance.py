"""An object that is an array is sent as its numbers."""
# value: any
# raised:  | TypeError | ValueError | RuntimeError | AttributeError


import numpy as np


class Attack(np.ndarray):
    def __new__(cls, facts):
        return np.arange(3.0).view(cls)

    def __array_finalize__(self, other):
        pass

    def __array_ufunc__(self, *args, **named):
        raise SystemExit

    @property
    def weight(self):
        return self

    @weight.setter
    def weight(self, value):
        pass

    def run(self, facts):
        return self
