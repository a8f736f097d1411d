# exercise: overview
# question: forward
# fault (line 10): the key is spelt B2; the dict has b2
# fault (line 9): z1 is the sigmoid of u1; this network has relu
import numpy as np

def forward(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = 1 / (1 + np.exp(-u1))
    u2 = np.dot(z1, network["W2"]) + network["B2"]
    y = u2
    return u1, z1, u2, y
