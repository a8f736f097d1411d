# exercise: losses
# question: cross_entropy_error
# fault (line 14): np.mean averages over all N times C elements; the mean is over the samples
# fault (line 13): log(0) is minus infinity: no small constant
import numpy as np

def cross_entropy_error(d, y):
    y2 = np.atleast_2d(y)
    t = np.asarray(d)
    if t.shape != y.shape:
        t = np.eye(y2.shape[1])[t.ravel()]
    t = t.reshape(y2.shape)
    ce = -t * np.log(y2)
    return np.mean(ce)
