# exercise: losses
# question: softmax
# fault (line 8): scores is a variable of the notebook; u is the parameter
import numpy as np


def softmax(u):
    shifted = u - np.max(scores, axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=-1, keepdims=True)

scores = np.array([[0.0, 0.6931472, 1.6094379], [1000.0, 1001.0, 1002.0]])
print(softmax(scores))
