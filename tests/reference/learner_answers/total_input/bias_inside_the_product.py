# exercise: overview
# question: total_input
# fault (line 8): the bias is added to the input, before the product
import numpy as np


def total_input(x, W, b):
    return np.dot(x + b, W)
