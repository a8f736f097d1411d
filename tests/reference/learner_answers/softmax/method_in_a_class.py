# exercise: losses
# question: softmax
# fault (line 6): softmax is a method of a class; the question asks for a function of that name
import numpy as np

class Functions:
    @staticmethod
    def softmax(u):
        e = np.exp(u - np.max(u, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)

