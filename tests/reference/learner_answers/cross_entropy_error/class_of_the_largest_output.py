# exercise: losses
# question: cross_entropy_error
# fault (line 13): the class of the largest output, not of the target
import numpy as np


def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        label = np.argmax(y, axis=1)
    else:
        label = d.ravel()
    N = len(y)
    right = y[np.arange(N), label]
    return -np.sum(np.log(right + 1e-7)) / N
