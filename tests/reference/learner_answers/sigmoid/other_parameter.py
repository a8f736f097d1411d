# exercise: activations
# question: sigmoid
# fault (line 8): the parameter is called x, not u
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-u))
