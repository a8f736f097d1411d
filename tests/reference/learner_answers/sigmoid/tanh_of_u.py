# exercise: activations
# question: sigmoid
# fault (line 8): tanh(u / 2)
import numpy as np


def sigmoid(u):
    return (np.tanh(u) + 1) / 2
