# exercise: backpropagation
# question: derivatives
# fault (line 18): the mean squared error is a mean over all N times C elements, here it is divided by N only
# fault (line 19): the factor 2 cancels with the 1/2 of the loss
# fault (line 14): at exactly 0 this course takes 0 for the derivative of relu
import numpy as np

def d_sigmoid(u):
    y = 1.0 / (1.0 + np.exp(-u))
    return (1.0 - y) * y

def d_relu(u):
    g = np.zeros(u.shape)
    g[u >= 0] = 1
    return g

def d_mean_squared_error(d, y):
    n = d.shape[0]
    return 2 * (y - d) / n

def d_sigmoid_with_loss(d, y):
    n = d.shape[0] if d.ndim == 2 else 1
    return (y - d) / n

def d_softmax_with_loss(d, y):
    n = d.shape[0] if d.ndim == 2 else 1
    return (y - d) / n
