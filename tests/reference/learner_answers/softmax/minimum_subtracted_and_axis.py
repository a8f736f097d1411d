# exercise: losses
# question: softmax
# fault (line 8): the smallest score is subtracted where the largest one belongs, so that exp still overflows
# fault (line 10): the sum goes along axis 0, over the samples
import numpy as np

def softmax(u):
    shifted = u - np.min(u, axis=-1, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(0, keepdims=True)
