# exercise: losses
# question: softmax
# fault (line 12): a single sample is made a batch of one and stays one: the result is (1, C) where (C,) is asked for
import numpy as np

def softmax(u):
    single = u.ndim == 1
    if single:
        u = u[np.newaxis, :]
    e = np.exp(u - u.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return y
