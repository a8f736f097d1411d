# exercise: losses
# question: cross_entropy_error
# fault (line 11): for one sample of shape (C,) the loss is divided by C, the number of classes
# fault (line 10): labels are multiplied as they are; they are numbers of classes
import numpy as np

def cross_entropy_error(d, y):
    eps = 1e-7
    d = np.array(d)
    loss = - d * np.log(y + eps)
    n_samples = y.shape[0] 
    return loss.sum() / n_samples
