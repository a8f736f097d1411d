# exercise: backpropagation
# question: backward
# fault (line 12): in grad['W2'] the factors are exchanged, so the gradient is transposed
# fault (line 10): delta2 has the opposite sign
import numpy as np

def backward(network, x, d, u1, z1, y):
    n = x.shape[0]
    grad = {}
    delta2 = -(y - d) / n
    grad["b2"] = delta2.sum(axis=0)
    grad["W2"] = np.dot(delta2.T, z1)
    delta1 = np.dot(delta2, network["W2"].T)
    delta1 = np.where(u1 > 0, delta1, 0)
    grad["b1"] = delta1.sum(axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
