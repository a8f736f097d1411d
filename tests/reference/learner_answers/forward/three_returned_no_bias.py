# exercise: overview
# question: forward
# fault (line 12): u2 is not returned, and the others come in another order: u1, z1, u2, y is asked for
# fault (line 8): the first bias is missing
import numpy as np

def forward(network, x):
    u1 = x @ network["W1"]
    z1 = u1 * (u1 > 0)
    u2 = z1 @ network["W2"] + network["b2"]
    y = u2
    return y, z1, u1
