# exercise: overview
# question: initial_weights
# fault (line 11): the shape of W_ones is (3, 2); (2, 3) is asked for
# fault (line 14): np.random.randn gives normally distributed numbers, many of them negative or above 1
import numpy as np

sample = np.array([1.0, 2.0])
bias = np.array([0.1, 0.2, 0.3])
W_zeros = np.zeros((2, 3))
u_zeros = np.dot(sample, W_zeros) + bias
W_ones = np.ones((3, 2))
u_ones = np.dot(sample, W_ones.T) + bias
np.random.seed(1)
W_random = np.random.randn(2, 3)
u_random = np.dot(sample, W_random) + bias
