# exercise: backpropagation
# question: backward
# fault (line 9): u1 gets an axis too many, so delta1 is (1, N, H)
# fault (line 8): delta2 is not divided by N
import numpy as np

def backward(network, x, d, u1, z1, y):
    delta2 = y - d
    mask = u1[np.newaxis, :] > 0
    delta1 = delta2.dot(network["W2"].T) * mask
    return {
        "W2": z1.T.dot(delta2),
        "b2": delta2.sum(axis=0),
        "W1": x.T.dot(delta1),
        "b1": delta1.sum(axis=0),
    }
