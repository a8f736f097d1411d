# exercise: losses
# question: cross_entropy_error
# fault (line 17): one loss per sample is returned; the mean over the samples is missing
# fault (line 16): a probability of 0 gives infinity without a small constant
import numpy as np

def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y[np.newaxis]
        d = d.reshape(1, -1)
    if d.shape != y.shape:
        onehot = np.zeros(y.shape)
        onehot[np.arange(len(y)), d.ravel()] = 1
        d = onehot
    losses = -(d * np.log(y)).sum(axis=1)
    return losses
