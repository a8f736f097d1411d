# exercise: overview
# question: forward
# fault (line 13): a dict is returned where four values are asked for
# fault (line 12): the output layer has a sigmoid; this network's output is u2 itself
import numpy as np

def forward(network, x):
    cache = {}
    cache["u1"] = x.dot(network["W1"]) + network["b1"]
    cache["z1"] = np.where(cache["u1"] > 0, cache["u1"], 0)
    cache["u2"] = cache["z1"].dot(network["W2"]) + network["b2"]
    cache["y"] = 1 / (1 + np.exp(-cache["u2"]))
    return cache
