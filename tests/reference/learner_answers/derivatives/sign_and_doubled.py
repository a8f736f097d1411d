# exercise: backpropagation
# question: derivatives
# fault (line 16): d - y has the opposite sign: the derivative by y is y - d
# fault (line 16): the 2 of the square cancels with the 1/2 of the loss, here it is left
# coupled: mending one of them makes no further check pass
import numpy as np

def d_sigmoid(u):
    s = 1 / (1 + np.exp(-u))
    return s * (1 - s)

def d_relu(u):
    return np.where(u > 0, 1, 0)

def d_mean_squared_error(d, y):
    return 2 * (d - y) / d.size

def d_sigmoid_with_loss(d, y):
    return (y - d) / len(np.atleast_2d(y))

def d_softmax_with_loss(d, y):
    return (y - d) / len(np.atleast_2d(y))
