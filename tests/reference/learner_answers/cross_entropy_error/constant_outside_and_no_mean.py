# exercise: losses
# question: cross_entropy_error
# fault (line 15): the small constant is added to the logarithm, not inside it: log(0) is still infinite
# fault (line 16): the loss is summed over the batch, not averaged
import numpy as np

def cross_entropy_error(d, y):
    delta = 1e-7
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.size != y.size or d.ndim == 1:
        d = np.eye(y.shape[1])[d.ravel()]
    logs = np.log(y) + delta
    return -np.sum(d * logs)
