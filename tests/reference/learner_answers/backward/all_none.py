# exercise: backpropagation
# question: backward
# fault: not attempted
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {}
    delta2 = None
    grad["b2"] = None
    grad["W2"] = None
    delta1 = None
    grad["b1"] = None
    grad["W1"] = None
    return grad
