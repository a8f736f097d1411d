# exercise: losses
# question: cross_entropy_error
# fault (line 10): a label may be a plain int, which has no reshape; np.reshape takes both
# fault (line 16): the logarithm of a probability of 0 is infinite: a small constant is missing
import numpy as np

def cross_entropy_error(d, y):
    if y.ndim == 1:
        y = y.reshape(1, y.size)
        d = d.reshape(1, d.size)
    if d.shape == y.shape:
        label = d.argmax(axis=1)
    else:
        label = d.flatten()
    n = y.shape[0]
    return -np.sum(np.log(y[np.arange(n), label])) / n
