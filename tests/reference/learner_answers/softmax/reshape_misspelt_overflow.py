# exercise: losses
# question: softmax
# fault (line 8): reshpae is misspelt: reshape
# fault (line 9): large scores overflow
import numpy as np

def softmax(u):
    batch = u.reshpae(-1, u.shape[-1])
    e = np.exp(batch)
    y = e / np.sum(e, axis=1).reshape(-1, 1)
    return y.reshape(u.shape)
