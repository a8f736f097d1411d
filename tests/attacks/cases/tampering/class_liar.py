"""An object that claims another class is treated as what it is."""
# value: any
# ends: done | died | output_limit


class Liar:
    def __init__(self, kind):
        self.kind = kind

    @property
    def __class__(self):
        return self.kind


def attack(facts):
    import numpy as np

    return [Liar(k) for k in (dict, str, int, list, np.ndarray, np.float64, BaseException)]
