# exercise: losses
# question: softmax
# fault (line 9): the maxima have the shape (N,) and are subtracted along the columns: keep the axis
# fault (line 11): the sums have the shape (N,) and divide the columns: keep the axis
# coupled: numpy broadcasts both the maxima and the sums along the columns; mending one of them leaves the other in the way
import numpy as np

def softmax(u):
    c = np.max(u, axis=-1)
    exp_u = np.exp(u - c)
    sum_exp_u = np.sum(exp_u, axis=-1)
    y = exp_u / sum_exp_u
    return y
