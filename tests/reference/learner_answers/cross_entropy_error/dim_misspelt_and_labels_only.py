# exercise: losses
# question: cross_entropy_error
# fault (line 9): an array has ndim, not dim
# fault (line 12): one-hot targets are used as if they were class numbers: argmax is missing
import numpy as np

def cross_entropy_error(d, y):
    d = np.array(d)
    if y.dim == 1:
        y = y.reshape(1, y.size)
        d = d.reshape(1, d.size)
    batch = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch), d.ravel()] + 1e-7)) / batch
