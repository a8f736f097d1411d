# exercise: activations
# question: sigmoid
# fault: not attempted
import numpy as np

def sigmoid(u):
    ...
