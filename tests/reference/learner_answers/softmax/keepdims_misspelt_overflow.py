# exercise: losses
# question: softmax
# fault (line 9): the argument is called keepdims, not keepdim
# fault (line 8): no maximum is subtracted, so large scores overflow
import numpy as np

def softmax(u):
    e = np.exp(u)
    return e / np.sum(e, axis=-1, keepdim=True)
