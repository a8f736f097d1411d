# exercise: losses
# question: cross_entropy_error
# fault (line 17): log(1 - y) of the wrong classes is added, as in the binary form
# fault (line 17): the sum is not divided by N
import numpy as np

def cross_entropy_error(d, y):
    tiny = 1e-7
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape != y.shape:
        d = np.eye(y.shape[1])[d.ravel()]
    right = d * np.log(y + tiny)
    wrong = (1 - d) * np.log(1 - y + tiny)
    return -np.sum(right + wrong)
