# exercise: overview
# question: total_input
# fault (line 8): * multiplies element by element: the weighted sum is the matrix product
# fault (line 9): the bias is missing
import numpy as np

def total_input(x, W, b):
    s = x * W
    return s
