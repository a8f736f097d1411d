# exercise: backpropagation
# question: backward
# fault (line 13): the gradients are assigned anew for each sample instead of being added up
# fault (line 10): nothing is divided by N
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {key: np.zeros(network[key].shape) for key in network}
    delta2 = y - d
    delta1 = (delta2 @ network["W2"].T) * (u1 > 0)
    for n in range(N):
        grad["W2"] = np.outer(z1[n], delta2[n])
        grad["b2"] = delta2[n]
        grad["W1"] = np.outer(x[n], delta1[n])
        grad["b1"] = delta1[n]
    return grad
