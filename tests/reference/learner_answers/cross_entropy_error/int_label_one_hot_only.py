# exercise: losses
# question: cross_entropy_error
# fault (line 9): an int label has no shape
# fault (line 11): labels are multiplied as numbers: the formula needs one-hot
# fault (line 14): the loss is divided by C for one sample
import numpy as np

def cross_entropy_error(d, y):
    if d.shape == y.shape:
        pass
    else:
        pass
    total = -np.sum(d * np.log(y + 1e-7))
    return total / y.shape[0]
