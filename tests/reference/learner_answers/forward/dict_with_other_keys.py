# exercise: overview
# question: forward
# fault (line 10): a dict is returned; four values in the order u1, z1, u2, y are asked for
import numpy as np

def forward(network, x):
    u1 = x @ network["W1"] + network["b1"]
    z1 = np.maximum(0, u1)
    u2 = z1 @ network["W2"] + network["b2"]
    return {"hidden_in": u1, "hidden_out": z1, "out_in": u2, "out": u2}
