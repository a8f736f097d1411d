# exercise: losses
# question: cross_entropy_error
# fault (line 19): the sum over the samples is missing: one number is asked for
import numpy as np


def cross_entropy_error(d, y):
    eps = 1e-7
    d = np.asarray(d)
    if y.ndim == 1:
        y = y[np.newaxis, :]
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        label = np.argmax(d, axis=1)
    else:
        label = d.ravel()
    N = len(y)
    right = y[np.arange(N), label]
    return -np.log(right + eps) / N
