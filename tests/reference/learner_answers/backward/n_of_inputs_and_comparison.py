# exercise: backpropagation
# question: backward
# fault (line 10): shape[1] is the number of inputs: shape[0]
# fault (line 15): the comparison: > 0
import numpy as np
from common import functions


def backward(network, x, d, u1, z1, y):
    N = x.shape[1]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 < 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
