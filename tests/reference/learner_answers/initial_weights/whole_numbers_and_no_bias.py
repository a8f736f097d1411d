# exercise: overview
# question: initial_weights
# fault (line 13): np.random.randint gives whole numbers, here only 0; random numbers between 0 and 1 are asked for
# fault (line 12): the bias is missing in u_ones
import numpy as np

sample = np.array([1.0, 2.0])
bias = np.array([0.1, 0.2, 0.3])
W_zeros = np.zeros((2, 3))
u_zeros = sample @ W_zeros + bias
W_ones = np.ones((2, 3))
u_ones = sample @ W_ones
W_random = np.random.randint(0, 1, (2, 3))
u_random = sample @ W_random + bias
