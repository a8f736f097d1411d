# exercise: losses
# question: mean_squared_error
# fault (line 10): the absolute differences are averaged; they should be squared
# fault (line 11): half is missing
# coupled: mending one of them makes no further check pass
import numpy as np

def mean_squared_error(d, y):
    diff = np.abs(d - y)
    total = diff.sum()
    return total / diff.size
