# exercise: backpropagation
# question: backward
# fault (line 10): grad['W2'] uses u1; the second layer's input is z1
# fault (line 12): relu's derivative is missing in delta1
import numpy as np

def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    delta2 = (y - d) / N
    grad_W2 = np.dot(u1.T, delta2)
    grad_b2 = np.sum(delta2, axis=0)
    delta1 = np.dot(delta2, network["W2"].T)
    grad_W1 = np.dot(x.T, delta1)
    grad_b1 = np.sum(delta1, axis=0)
    return {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}
