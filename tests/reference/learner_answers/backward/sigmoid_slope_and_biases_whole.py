# exercise: backpropagation
# question: backward
# fault (line 13): delta1 has the derivative of the sigmoid; the hidden layer has relu
# fault (line 11): the biases are summed over everything; each node has its own: axis 0
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * z1 * (1 - z1)
    grad["b1"] = np.sum(delta1)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
