# exercise: losses
# question: cross_entropy_error
# fault (line 13): np.log10 is the logarithm to base 10; the natural one is np.log
# fault (line 13): no small constant, so a probability of 0 gives infinity
import numpy as np

def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y, d = y.reshape(1, -1), d.reshape(1, -1)
    labels = np.argmax(d, axis=1) if d.shape == y.shape else d.ravel()
    picked = y[range(len(y)), labels]
    return -np.mean(np.log10(picked))
