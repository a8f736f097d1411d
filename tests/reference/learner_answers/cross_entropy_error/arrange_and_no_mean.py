# exercise: losses
# question: cross_entropy_error
# fault (line 16): np.arrange is misspelt: np.arange
# fault (line 16): the division by the number of samples is missing
import numpy as np

def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        d = d.argmax(axis=1)
    d = d.ravel()
    N = y.shape[0]
    return -np.sum(np.log(y[np.arrange(N), d] + 1e-7))
