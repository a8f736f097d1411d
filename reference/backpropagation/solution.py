# %% [markdown]
# # Backpropagation: every gradient at once
#
# A network of two layers has run forward; now its parameters are to learn. For that you need the derivative of the loss
# with respect to each of them. Backpropagation gets them all in one pass from the output back to the input, and each
# layer uses what the layer after it has already worked out.
#
# The forward pass was this, with relu in the hidden layer and a sigmoid at each output:
#
# $$u_1 = x W_1 + b_1 \quad z_1 = \max(u_1, 0) \quad u_2 = z_1 W_2 + b_2 \quad y = \frac{1}{1 + e^{-u_2}}$$
#
# | name | shape | meaning |
# |---|---|---|
# | `x` | `(N, D_in)` | input, one row for each sample |
# | `u1`, `z1` | `(N, H)` | total input and output of the hidden layer |
# | `y`, `d` | `(N, C)` | output, and target (0 or 1) |
# | `network` | | dict of `W1` `(D_in, H)`, `b1` `(H,)`, `W2` `(H, C)`, `b2` `(C,)` |
# | `grad` | | dict with the same keys and shapes: the derivative of the loss by each parameter |
#
# The loss is the binary cross-entropy, summed over the outputs and averaged over the samples. You are given it:
# `functions.binary_cross_entropy(d, y)`.

# %%
import numpy as np
from common import functions

# %% [markdown]
# ## The two deltas
#
# Write $\delta_2$ for the derivative of the loss by $u_2$, and $\delta_1$ for that by $u_1$. Both have one row for each
# sample. The sigmoid and the cross-entropy fit each other so well that at the output little is left, the error itself:
#
# $$\delta_2 = \frac{y - d}{N}$$
#
# The $N$ comes from the mean over the samples. From there one goes back through the weights, then through relu, whose
# derivative is 1 where $u_1 > 0$ and 0 elsewhere ($\odot$ is the product element by element):
#
# $$\delta_1 = \left(\delta_2 W_2^{\top}\right) \odot \mathrm{relu}'(u_1)$$
#
# ## From deltas to gradients
#
# Each weight joins one input of its layer with one of its outputs, so its gradient joins that input with that delta,
# added up over the samples. A bias has the input 1, so only the deltas are added up:
#
# $$\frac{\partial E}{\partial W_2} = z_1^{\top} \delta_2 \qquad
# \frac{\partial E}{\partial b_2} = \sum_{n=1}^{N} \delta_{2,n} \qquad
# \frac{\partial E}{\partial W_1} = x^{\top} \delta_1 \qquad
# \frac{\partial E}{\partial b_1} = \sum_{n=1}^{N} \delta_{1,n}$$
#
# Shapes tell whether you are right: a gradient has the shape of its parameter.


# %% question="backward"
def backward(network, x, d, u1, z1, y):
    """Gradients of the loss by every parameter, from the results u1, z1, y of the forward pass. Gives `grad`."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N  # blank: derivative of the loss by u2, shape (N, C)
    grad["b2"] = np.sum(delta2, axis=0)  # blank: shape (C,)
    grad["W2"] = np.dot(z1.T, delta2)  # blank: shape (H, C)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)  # blank: derivative of the loss by u1, shape (N, H)
    grad["b1"] = np.sum(delta1, axis=0)  # blank: shape (H,)
    grad["W1"] = np.dot(x.T, delta1)  # blank: shape (D_in, H)
    return grad


# %% [markdown]
# Try it on two samples whose forward pass has been worked out already. Every gradient should have the shape of its
# parameter, and `grad["b2"]` should be about `[-0.194]`.

# %%
network = {
    "W1": np.array([[1.0, -1.0], [0.5, 2.0]]),
    "b1": np.array([0.0, 0.5]),
    "W2": np.array([[1.0], [-1.0]]),
    "b2": np.array([0.0]),
}
x = np.array([[1.0, 0.0], [2.0, 1.0]])
u1 = np.array([[1.0, -0.5], [2.5, 0.5]])
z1 = np.array([[1.0, 0.0], [2.5, 0.5]])
y = np.array([[0.7310586], [0.8807971]])
d = np.array([[1.0], [1.0]])

print(functions.binary_cross_entropy(d, y))
for key, value in backward(network, x, d, u1, z1, y).items():
    print(key, value.shape, network[key].shape)
    print(value)
