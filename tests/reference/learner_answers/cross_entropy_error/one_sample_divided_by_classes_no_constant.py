# exercise: losses
# question: cross_entropy_error
# fault (line 8): for one sample of shape (C,) len(y) is the number of classes, so the loss is divided by C where it should be divided by 1
# fault (line 13): there is no small constant inside the logarithm
import numpy as np

def cross_entropy_error(d, y):
    N = len(y)
    C = y.shape[-1]
    d = np.asarray(d)
    if d.shape != y.shape:
        d = np.eye(C)[d.ravel()]
    return -np.sum(d * np.log(y)) / N
