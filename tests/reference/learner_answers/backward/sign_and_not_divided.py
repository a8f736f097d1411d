# exercise: backpropagation
# question: backward
# fault (line 10): delta2 has the wrong sign: y - d
# fault (line 10): the division by N is missing
# coupled: mending one of them makes no further check pass
import numpy as np

def backward(network, x, d, u1, z1, y):
    grad = {}
    delta2 = (d - y)
    grad["W2"] = z1.T @ delta2
    grad["b2"] = delta2.sum(axis=0)
    delta1 = delta2 @ network["W2"].T * (u1 > 0)
    grad["W1"] = x.T @ delta1
    grad["b1"] = delta1.sum(axis=0)
    return grad
