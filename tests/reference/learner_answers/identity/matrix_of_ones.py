# exercise: activations
# question: identity
# fault (line 7): a new array of ones is multiplied with @ where u alone is to be returned: shapes change and rows are summed
import numpy as np

def identity(u):
    return u @ np.ones(u.shape[-1])
