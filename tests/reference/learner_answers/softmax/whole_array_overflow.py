# exercise: losses
# question: softmax
# fault (line 9): the sum goes over the whole array, so the whole batch sums to one, not each row
# fault (line 8): nothing is subtracted before exp, so large scores overflow
import numpy as np

def softmax(u):
    exp_u = np.exp(u )
    total = np.sum(exp_u)
    return exp_u / total
