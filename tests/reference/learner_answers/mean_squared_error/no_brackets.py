# exercise: losses
# question: mean_squared_error
# fault (line 8): the brackets around d - y are missing
import numpy as np


def mean_squared_error(d, y):
    return np.mean(d - y ** 2) / 2
