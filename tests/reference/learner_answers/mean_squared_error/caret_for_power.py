# exercise: losses
# question: mean_squared_error
# fault (line 9): ^ is "exclusive or" in Python; the power is **
# fault (line 9): the sum is divided by 2 alone, not also by the number of elements
# coupled: mending one of them makes no further check pass
import numpy as np

def mean_squared_error(d, y):
    return np.sum((d - y) ^ 2) / 2
