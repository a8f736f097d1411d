# exercise: backpropagation
# question: backward
# fault (line 8): x gets an axis too many, so grad['W1'] has three axes
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    x = x[np.newaxis, :]
    delta2 = (y - d) / N
    delta1 = np.dot(delta2, network["W2"].T) * np.where(u1 > 0, 1, 0)
    grad = {}
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = x.swapaxes(-1, -2) @ delta1
    return grad
