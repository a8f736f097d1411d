# exercise: backpropagation
# question: backward
# fault (line 14): the gradients are returned as a tuple; a dict with the keys of network is asked for
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    delta2 = (y - d) / N
    dW2 = np.dot(z1.T, delta2)
    db2 = np.sum(delta2, axis=0)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    dW1 = np.dot(x.T, delta1)
    db1 = np.sum(delta1, axis=0)
    return dW1, db1, dW2, db2
