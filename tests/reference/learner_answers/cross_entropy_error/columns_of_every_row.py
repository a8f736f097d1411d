# exercise: losses
# question: cross_entropy_error
# fault (line 17): picks N columns of every row, (N, N): y[np.arange(N), label]
import numpy as np


def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        label = np.argmax(d, axis=1)
    else:
        label = d.ravel()
    N = len(y)
    right = y[:, label]
    return -np.sum(np.log(right + 1e-7)) / N
