# exercise: losses
# question: mean_squared_error
# fault (line 9): the mean goes along one axis only: there is one loss per sample
# fault (line 10): it is multiplied by 2 where it should be halved
import numpy as np

def mean_squared_error(d, y):
    squared = np.square(y - d)
    mse = np.mean(squared, axis=-1)
    return mse * 2
