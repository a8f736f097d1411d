# exercise: backpropagation
# question: backward
# fault (line 10): y * (1 - y) belongs to the squared error; with the cross-entropy it cancels
# fault (line 12): the deltas of the biases are not summed over the samples
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) * y * (1 - y) / N
    grad["W2"] = z1.T.dot(delta2)
    grad["b2"] = delta2
    delta1 = delta2.dot(network["W2"].T) * (u1 > 0)
    grad["W1"] = x.T.dot(delta1)
    grad["b1"] = delta1
    return grad
