# exercise: overview
# question: forward
# fault (line 9): the key is "W1"
# fault (line 11): the key is "W2"
import numpy as np


def forward(network, x):
    u1 = np.dot(x, network["w1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["w2"]) + network["b2"]
    y = u2
    return u1, z1, u2, y
