# exercise: backpropagation
# question: derivatives
# fault (line 18): for one sample of shape (C,) len(y) is C; it counts as one
# fault (line 19): the factor y * (1 - y) cancels with the cross-entropy
import numpy as np

def d_sigmoid(u):
    sig = 1 / (1 + np.exp(-u))
    return sig * (1 - sig)

def d_relu(u):
    return (u > 0) * 1

def d_mean_squared_error(d, y):
    return (y - d) / d.size

def d_sigmoid_with_loss(d, y):
    N = len(y)
    return (y - d) * y * (1 - y) / N

def d_softmax_with_loss(d, y):
    N = len(y) if y.ndim == 2 else 1
    return (y - d) / N
