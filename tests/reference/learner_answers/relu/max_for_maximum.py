# exercise: activations
# question: relu
# fault (line 8): np.max reduces: np.maximum
import numpy as np


def relu(u):
    return np.max(0, u)
