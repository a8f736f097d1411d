# exercise: backpropagation
# question: backward
# fault (line 12): delta_2 is not defined: the variable is named delta2
# fault (line 14): grad['b1'] sums over axis 1, the nodes; the samples are axis 0
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta_2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=1)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
