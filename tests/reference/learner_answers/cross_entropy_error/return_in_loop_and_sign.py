# exercise: losses
# question: cross_entropy_error
# fault (line 18): the return stands inside the loop, so only the first sample counts
# fault (line 17): the minus sign is missing
import numpy as np

def cross_entropy_error(d, y):
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:
        d = d.argmax(axis=1)
    d = d.reshape(-1)
    loss = 0.0
    for n in range(len(y)):
        loss += np.log(y[n, d[n]] + 1e-7)
        return loss / len(y)
