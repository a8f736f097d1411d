# exercise: overview
# question: forward
# fault (line 8): reads the notebook's network instead of its argument
import numpy as np


def forward(net, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    y = u2
    return u1, z1, u2, y

network = {
    "W1": np.array([[1.0, -1.0, 0.0], [0.5, 0.0, 1.0]]),
    "b1": np.array([0.0, 0.5, 0.0]),
    "W2": np.array([[1.0, -1.0], [3.0, 1.0], [1.0, 0.5]]),
    "b2": np.array([1.0, -1.0]),
}
