# exercise: losses
# question: mean_squared_error
# fault (line 9): it is a sum over all elements, not their mean
# fault (line 9): the factor 1/2 is missing
# coupled: mending one of them makes no further check pass
import numpy as np

def mean_squared_error(d, y):
    return np.sum((y - d) ** 2)
