# exercise: losses
# question: mean_squared_error
# fault (line 9): divides by N only, not by all elements
# fault (line 9): the half is missing
import numpy as np


def mean_squared_error(d, y):
    return np.sum((y - d) ** 2) / len(y)
