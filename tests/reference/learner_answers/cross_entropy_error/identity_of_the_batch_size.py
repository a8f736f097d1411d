# exercise: losses
# question: cross_entropy_error
# fault (line 13): the identity matrix needs y.shape[1] classes, not len(y)
import numpy as np


def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape != y.shape:
        d = np.eye(len(y))[d.ravel()]
    return -np.sum(d * np.log(y + 1e-7)) / len(y)
