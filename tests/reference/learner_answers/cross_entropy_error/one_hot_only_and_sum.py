# exercise: losses
# question: cross_entropy_error
# fault (line 11): labels are not turned into one-hot: a label is multiplied with the logarithms as if it were a number
# fault (line 11): the sum is not divided by the number of samples
import numpy as np

def cross_entropy_error(d, y):
    delta = 1e-7
    y = np.atleast_2d(y)
    d = np.asarray(d)
    return -np.sum(d * np.log(y + delta))
