# exercise: losses
# question: mean_squared_error
# fault (line 8): the sum is divided by the number of rows only, not by N times C
# fault (line 13): a square root is taken
import numpy as np

def mean_squared_error(d, y):
    n = len(d)
    s = 0
    for a, b in zip(d.ravel(), y.ravel()):
        s += (a - b) ** 2
    mse = s / n / 2
    return np.sqrt(mse)
