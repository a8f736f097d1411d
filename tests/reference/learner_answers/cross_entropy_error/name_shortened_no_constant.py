# exercise: losses
# question: cross_entropy_error
# fault (line 7): the function is named cross_entropy; the question asks for cross_entropy_error
# fault (line 13): there is no small constant inside the logarithm
import numpy as np

def cross_entropy(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    label = d.argmax(axis=1) if d.shape == y.shape else d.ravel()
    return -np.log(y[np.arange(y.shape[0]), label]).mean()
