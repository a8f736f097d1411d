# exercise: backpropagation
# question: backward
# fault (line 13): the deltas go back through the transpose of W2
# fault (line 11): the biases take the mean of the deltas, which are already divided by N
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = len(x)
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.mean(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"])
    delta1[u1 <= 0] = 0
    grad["b1"] = np.mean(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
