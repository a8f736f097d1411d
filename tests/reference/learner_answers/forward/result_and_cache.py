# exercise: overview
# question: forward
# fault (line 11): a pair (y, cache) is returned; the four arrays are asked for, one after the other
import numpy as np

def forward(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    y = u2
    cache = (u1, z1, u2)
    return y, cache
