# exercise: overview
# question: forward
# fault (line 14): only y and z1 are returned; u1, z1, u2, y are asked for
# fault (line 11): the hidden layer has no activation: z1 is u1
import numpy as np

def forward(network, x):
    W1, b1 = network["W1"], network["b1"]
    W2, b2 = network["W2"], network["b2"]
    u1 = np.dot(x, W1) + b1
    z1 = u1
    u2 = np.dot(z1, W2) + b2
    y = u2
    return y, z1
