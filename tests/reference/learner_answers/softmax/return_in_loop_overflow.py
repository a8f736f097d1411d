# exercise: losses
# question: softmax
# fault (line 15): the first row alone is computed, because the return stands inside the loop
# fault (line 9): large scores overflow: the row's maximum is not subtracted
import numpy as np

def softmax(u):
    if u.ndim == 1:
        e = np.exp(u)
        return e / sum(e)
    rows = []
    for row in u:
        e = np.exp(row)
        rows.append(e / sum(e))
        return np.array(rows)
