# exercise: losses
# question: cross_entropy_error
# fault (line 9): a plain int has no size and no reshape
# fault (line 17): the sum is divided by N times C, not by the number of samples
import numpy as np

def cross_entropy_error(d, y):
    if y.ndim == 1:
        d = d.reshape(1, d.size)
        y = y.reshape(1, y.size)

    # one-hot -> index of the right class
    if d.shape == y.shape:
        d = d.argmax(axis=1)
    d = d.ravel()

    batch_size = y.size
    total = 0
    for i in range(len(y)):
        total += np.log(y[i, d[i]] + 1e-7)
    return -total / batch_size
