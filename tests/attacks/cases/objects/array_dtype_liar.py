"""An array class whose fields lie is sent as what it is, or not at all."""
# value: any
# raised:  | TypeError | ValueError | ZeroDivisionError | AttributeError
# ends: done | died | output_limit


import numpy as np


class Attack(np.ndarray):
    def __new__(cls, facts):
        return np.arange(3.0).view(cls)

    @property
    def shape(self):
        return (-1, 10**9)

    @property
    def nbytes(self):
        1 / 0

    def tobytes(self):
        return b""

    def run(self, facts):
        return self
