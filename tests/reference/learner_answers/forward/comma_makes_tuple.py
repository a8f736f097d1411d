# exercise: overview
# question: forward
# fault (line 8): a comma at the end of the line makes u1 a tuple of one array, so every later array has an axis too many
# fault (line 10): the bias b2 is missing
import numpy as np

def forward(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"],
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"])
    y = u2
    return u1, z1, u2, y
