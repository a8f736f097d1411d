# exercise: losses
# question: cross_entropy_error
# fault (line 17): the minus sign is missing, so the loss is negative
# fault (line 17): it is a sum over the batch, not a mean
import numpy as np

def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y[None, :]
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        k = d.argmax(1)
    else:
        k = d.ravel()
    p = y[np.arange(len(k)), k]
    return np.sum(np.log(p + 1e-7))
