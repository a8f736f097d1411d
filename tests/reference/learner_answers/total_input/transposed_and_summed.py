# exercise: overview
# question: total_input
# fault (line 9): W is transposed, but its rows already match the columns of x
# fault (line 9): the nodes are summed up at the end; each node has its own sum
# coupled: mending one of them makes no further check pass
import numpy as np

def total_input(x, W, b):
    return np.sum(np.dot(x, W.T) + b, axis=-1)
