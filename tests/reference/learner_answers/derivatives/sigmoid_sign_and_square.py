# exercise: backpropagation
# question: derivatives
# fault (line 10): the minus signs cancel: the slope of the sigmoid is positive
# fault (line 10): the denominator must be squared
# coupled: mending one of them makes no further check pass
import numpy as np

def d_sigmoid(u):
    e = np.exp(-np.abs(u))
    return -e / (1 + e)

def d_relu(u):
    return np.greater(u, 0).astype(float)

def d_mean_squared_error(d, y):
    return np.subtract(y, d) / np.size(d)

def d_sigmoid_with_loss(d, y):
    return (y - d) / (1 if np.ndim(y) == 1 else len(y))

d_softmax_with_loss = d_sigmoid_with_loss
