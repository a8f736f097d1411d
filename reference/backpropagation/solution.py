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

# %% [markdown]
# ## 4 · Another loss, another delta
#
# Only the beginning of the way back depends on the output and the loss. Take a network for regression: its output is
# the identity, $y = u_2$, and its loss is the mean squared error over all $N C$ elements,
#
# $$E = \frac{1}{2 N C} \sum_{n=1}^{N} \sum_{k=1}^{C} \left(d_{nk} - y_{nk}\right)^2$$
#
# To keep it short, its hidden layer is frozen and its output has no bias: `W2` is the only parameter that learns. Two
# lines are missing. The same two, by the way, as in the classifier above: what is different?


# %% question="backward_blanks"
def backward_blanks(d, z1, y):
    """Gradient of the mean squared error by W2 alone: d (N, C), z1 (N, H), y (N, C). Gives `grad`."""
    grad = {}
    delta2 = (y - d) / d.size  # blank: derivative of the loss by u2, shape (N, C)
    grad["W2"] = np.dot(z1.T, delta2)  # blank: shape (H, C)
    return grad


# %% [markdown]
# Try it: one sample, two outputs, of which the first is 1 too large. The gradient should be `[[1, 0], [1.5, 0]]`.

# %%
print(backward_blanks(np.array([[0.0, 5.0]]), np.array([[2.0, 3.0]]), np.array([[1.0, 5.0]])))

# %% [markdown]
# ## 5 · The numerical gradient
#
# How do you know that a gradient is right? Move one number a little, and see what the loss does. For a function $f$
# that takes an array $x$ and gives one number, the **central difference**
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h} \qquad h = 10^{-4}$$
#
# moves the element $x_i$ alone, up and down by $h$; all others stay. It needs two calls of $f$ for every element, far
# too slow for learning, but nothing can go wrong with the calculus. Mind this:
#
# - `x` is of shape `(D,)` or `(N, D)`, and the gradient has the same shape. `np.ndindex(x.shape)` runs over the indices
#   of an array of any shape.
# - $f$ gets the **whole** array, with one element moved.
# - `x` may hold whole numbers, which can't be moved by $10^{-4}$: work on real ones.
# - In the end `x` is as it was.


# %% question="numerical_gradient"
def numerical_gradient(f, x):
    """Central differences of f, array -> number, at x of shape (D,) or (N, D). Gives an array of the shape of x."""
    h = 1e-4
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient
    ### END SOLUTION


# %% [markdown]
# Try it on $f(x) = \sum_i x_i^2$, whose gradient is $2x$.

# %%
print(numerical_gradient(lambda x: np.sum(x**2), np.array([[1.0, -2.0], [0.5, 3.0]])))
