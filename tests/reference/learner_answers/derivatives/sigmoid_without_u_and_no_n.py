# exercise: backpropagation
# question: derivatives
# fault (line 8): d_sigmoid takes its argument for the output of the sigmoid; it is given the total input u
# fault (line 22): the division by N is missing in d_softmax_with_loss
import numpy as np

def d_sigmoid(u):
    return u * (1 - u)

def d_relu(u):
    return (u > 0).astype(float)

def d_mean_squared_error(d, y):
    return (y - d) / y.size

def d_sigmoid_with_loss(d, y):
    N = y.shape[0] if y.ndim > 1 else 1
    return (y - d) / N

def d_softmax_with_loss(d, y):
    N = y.shape[0] if y.ndim > 1 else 1
    return (y - d)
