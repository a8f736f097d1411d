# exercise: losses
# question: mean_squared_error
# fault (line 8): the square of the sum, not the sum of squares
import numpy as np


def mean_squared_error(d, y):
    error = np.sum(d - y) ** 2
    return error / (2 * d.size)
