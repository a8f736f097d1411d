# exercise: overview
# question: forward
# fault (line 13): the output layer's input is z1, not u1
# fault (line 13): the output layer's bias is b2, not b1
# coupled: mending one of them makes no further check pass
import numpy as np

def forward(network, x):
    w1, w2 = network["W1"], network["W2"]
    b1, b2 = network["b1"], network["b2"]
    u1 = np.dot(x, w1) + b1
    z1 = np.maximum(u1, 0)
    u2 = np.dot(u1, w2) + b1
    y = u2
    return u1, z1, u2, y
