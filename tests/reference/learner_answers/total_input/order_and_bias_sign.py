# exercise: overview
# question: total_input
# fault (line 9): the factors are in the wrong order: x comes first
# fault (line 9): the bias is subtracted; it must be added
# coupled: mending one of them makes no further check pass
import numpy as np

def total_input(x, W, b):
    u = W @ x - b
    return u
