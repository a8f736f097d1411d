# exercise: losses
# question: mean_squared_error
# fault (line 8): 1 // 2 is 0: 1 / 2
import numpy as np


def mean_squared_error(d, y):
    return (1 // 2) * np.mean((d - y) ** 2)
