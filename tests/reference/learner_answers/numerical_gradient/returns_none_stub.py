# exercise: backpropagation
# question: numerical_gradient
# fault: not attempted
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    return None
