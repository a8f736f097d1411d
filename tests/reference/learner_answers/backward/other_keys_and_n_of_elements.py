# exercise: backpropagation
# question: backward
# fault (line 17): the keys are dW1, db1, dW2, db2; the dict should have those of network
# fault (line 8): delta2 is divided by N times C, not by N
import numpy as np

def backward(network, x, d, u1, z1, y):
    delta2 = (y - d) / y.size
    delta1 = (delta2 @ network["W2"].T) * (u1 > 0)
    grads = {}
    for key, value in [
        ("W2", z1.T @ delta2),
        ("b2", delta2.sum(0)),
        ("W1", x.T @ delta1),
        ("b1", delta1.sum(0)),
    ]:
        grads["d" + key] = value
    return grads
