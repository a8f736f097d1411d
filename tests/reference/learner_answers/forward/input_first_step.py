# exercise: overview
# question: forward
# fault (line 7): the arguments are (x, network); the course passes the network first
# fault (line 9): the hidden layer uses a step, where relu keeps u1 above zero
import numpy as np

def forward(x, network):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = (u1 > 0) * 1.0
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    return u1, z1, u2, u2
