# exercise: losses
# question: cross_entropy_error
# fault (line 9): labels are not supported: they are multiplied as numbers
# fault (line 9): no small constant inside the logarithm
# fault (line 9): the sum is not divided by the number of samples
import numpy as np

def cross_entropy_error(d, y):
    return -np.sum(d * np.log(y))
