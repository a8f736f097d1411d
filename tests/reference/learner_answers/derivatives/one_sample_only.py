# exercise: backpropagation
# question: derivatives
# fault (line 17): one sample of shape (C,) counts as N = 1, here it is divided by C, in both functions
import numpy as np

def d_sigmoid(u):
    s = 1 / (1 + np.exp(-u))
    return s * (1 - s)

def d_relu(u):
    return 1.0 * (u > 0)

def d_mean_squared_error(d, y):
    return (y - d) / d.size

def d_sigmoid_with_loss(d, y):
    return (y - d) / y.shape[0]

def d_softmax_with_loss(d, y):
    return (y - d) / y.shape[0]
