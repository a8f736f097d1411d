# exercise: losses
# question: softmax
# fault (line 9): there is no axis 2: it should be the last one, -1
# fault (line 11): there is no axis 2
import numpy as np


def softmax(x):
    c = np.max(x, axis=2, keepdims=True)
    exp_x = np.exp(x - c)
    return exp_x / np.sum(exp_x, axis=2, keepdims=True)
