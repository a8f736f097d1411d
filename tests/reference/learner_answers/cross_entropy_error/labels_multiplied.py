# exercise: losses
# question: cross_entropy_error
# fault (line 9): labels are multiplied with the logarithms: the formula needs one-hot targets
import numpy as np

def cross_entropy_error(d, y):
    # E = -1/N sum d log y
    y = np.atleast_2d(y)
    N = y.shape[0]
    return -1 / N * np.sum(d * np.log(y + 1e-7))
