# exercise: losses
# question: softmax
# fault (line 11): the name softmax is given to a result, and the function is gone
import numpy as np

def softmax(u):
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

scores = np.array([[0.0, 1.0], [2.0, 2.0]])
softmax = softmax(scores)
print(softmax)
