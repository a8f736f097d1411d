# exercise: overview
# question: forward
# fault (line 10): keeps the negative ones
# fault (line 11): b2 belongs here
import numpy as np


def forward(network, x):
    u1 = x @ network["W1"] + network["b1"]
    z1 = np.where(u1 < 0, u1, 0)
    u2 = z1 @ network["W2"] + network["b1"]
    y = u2
    return u1, z1, u2, y
