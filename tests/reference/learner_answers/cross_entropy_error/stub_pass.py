# exercise: losses
# question: cross_entropy_error
# fault: not attempted
import numpy as np

def cross_entropy_error(d, y):
    pass
