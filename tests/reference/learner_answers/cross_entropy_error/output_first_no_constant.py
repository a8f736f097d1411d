# exercise: losses
# question: cross_entropy_error
# fault (line 7): the arguments are taken in the order (y, d): the course passes the target first
# fault (line 15): no small constant inside the logarithm
import numpy as np

def cross_entropy_error(y, d):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        d = np.argmax(d, axis=1)
    N = len(y)
    return -np.sum(np.log(y[np.arange(N), d.ravel()])) / N
