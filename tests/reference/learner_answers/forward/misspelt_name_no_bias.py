# exercise: overview
# question: forward
# fault (line 7): the function is named foward; the question asks for forward
# fault (line 8): b1 is missing in the total input of the hidden layer
import numpy as np

def foward(network, x):
    u1 = np.dot(x, network["W1"])
    z1 = np.maximum(0, u1)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    return u1, z1, u2, u2
