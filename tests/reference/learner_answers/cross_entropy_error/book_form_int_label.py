# exercise: losses
# question: cross_entropy_error
# fault (line 8): a single label given as an int has no reshape; np.reshape or np.asarray takes it
import numpy as np

def cross_entropy_error(d, y):
    if y.ndim == 1:
        d = d.reshape(1, d.size)
        y = y.reshape(1, y.size)
    if d.shape == y.shape:
        d = d.argmax(axis=1)
    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), d.ravel()] + 1e-7)) / batch_size
