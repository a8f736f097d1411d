# exercise: backpropagation
# question: derivatives
# fault (line 12): `if` needs one True or False, for an array it cannot decide
# fault (line 13): the derivative of relu is 1 above zero, here u is returned
import numpy as np

def d_sigmoid(u):
    s = 1 / (1 + np.exp(-u))
    return s * (1 - s)

def d_relu(u):
    if u > 0:
        return u
    return 0

def d_mean_squared_error(d, y):
    return (y - d) / d.size

def d_sigmoid_with_loss(d, y):
    if y.ndim == 1:
        return y - d
    return (y - d) / y.shape[0]

def d_softmax_with_loss(d, y):
    if y.ndim == 1:
        return y - d
    return (y - d) / y.shape[0]
