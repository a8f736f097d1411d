# exercise: losses
# question: softmax
# fault (line 7): the function is named Softmax; the question asks for softmax
# fault (line 9): the sum goes over the whole array, not over each row
import numpy as np

def Softmax(u):
    u = u - np.max(u, axis=-1, keepdims=True)
    return np.exp(u) / np.sum(np.exp(u))
