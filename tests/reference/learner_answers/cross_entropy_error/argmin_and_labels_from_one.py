# exercise: losses
# question: cross_entropy_error
# fault (line 14): argmin finds a zero: argmax
# fault (line 16): labels begin with 0: off by one
import numpy as np


def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        label = np.argmin(d, axis=1)
    else:
        label = d.ravel() - 1
    N = len(y)
    right = y[np.arange(N), label]
    return -np.sum(np.log(right + 1e-7)) / N
