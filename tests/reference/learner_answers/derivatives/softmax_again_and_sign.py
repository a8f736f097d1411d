# exercise: backpropagation
# question: derivatives
# fault (line 28): y is already the output of softmax; softmax is applied again
# fault (line 29): the sign is turned: y - d
# coupled: mending one of them makes no further check pass
import numpy as np

def softmax(u):
    e = np.exp(u - u.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def d_sigmoid(u):
    s = 1 / (1 + np.exp(-u))
    return s * (1 - s)

def d_relu(u):
    return np.where(u > 0, 1.0, 0.0)

def d_mean_squared_error(d, y):
    return (y - d) / d.size

def d_sigmoid_with_loss(d, y):
    N = 1 if y.ndim == 1 else len(y)
    return (y - d) / N

def d_softmax_with_loss(d, y):
    N = 1 if y.ndim == 1 else len(y)
    p = softmax(y)
    return (d - p) / N
