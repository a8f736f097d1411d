# %% [markdown]
# # Backpropagation: every gradient at once
#
# After the forward pass of a network of two layers, its parameters are updated. For that you need the derivative of the
# loss with respect to each of them. Backpropagation gets them all in one pass from the output back to the input, and
# each layer uses what has already been computed for the layer after it.
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
# | `grad` | | dict with the same keys and shapes: the derivative of the loss with respect to each parameter |
#
# The loss is the binary cross-entropy, summed over the outputs and averaged over the samples. It is given:
# `functions.binary_cross_entropy(d, y)`.

# %%
import numpy as np
from common import functions

# %% [markdown]
# ## 1 · Derivatives
#
# Going back through one step of the forward pass multiplies by the derivative of that step. These five are enough for
# all networks of this course. The first two are taken at the **total input** `u`, an array of any shape, element by
# element:
#
# $$\sigma'(u) = \sigma(u) \, \bigl(1 - \sigma(u)\bigr) \quad \text{with} \quad \sigma(u) = \frac{1}{1 + e^{-u}}
# \qquad\qquad
# \mathrm{relu}'(u) = \begin{cases} 1 & u > 0 \\ 0 & u \le 0 \end{cases}$$
#
# (relu has a corner at 0, and no derivative there. This course takes 0. The result is an array of numbers, not of
# `True` and `False`.)
#
# The other three say how the loss changes; the target comes first, as in the losses themselves. `d` and `y` are
# `(N, C)` or, for one sample, `(C,)`:
#
# | function | derivative of | by | is |
# |---|---|---|---|
# | `d_mean_squared_error(d, y)` | mean squared error, with its ½ | output $y$ | $\dfrac{y - d}{N C}$ |
# | `d_sigmoid_with_loss(d, y)` | binary cross-entropy of sigmoid outputs | total input $u$ | $\dfrac{y - d}{N}$ |
# | `d_softmax_with_loss(d, y)` | cross-entropy of softmax outputs, `d` one-hot | total input $u$ | $\dfrac{y - d}{N}$ |
#
# The last two go back through the loss **and** the activation at once, and what is left is the error itself. Both
# losses are means over the samples: that is where the $N$ comes from. A single sample of shape `(C,)` counts as one,
# $N = 1$. Many books omit the division; the learning rate must then be smaller.


# %% question="derivatives"
def d_sigmoid(u):
    """Derivative of the sigmoid at the total input u, any shape -> the same shape."""
    ### BEGIN SOLUTION
    power = np.exp(-np.abs(u))  # the slope is the same on either side of 0
    return power / (1 + power) ** 2
    ### END SOLUTION


def d_relu(u):
    """Derivative of relu at the total input u, any shape -> the same shape: ones and zeros."""
    return np.where(u > 0, 1.0, 0.0)  # blank: 1 where u is above zero, else 0


def d_mean_squared_error(d, y):
    """Derivative of the mean squared error by the outputs: d, y (N, C) or (C,) -> the same shape."""
    return (y - d) / d.size  # blank: the mean is over all elements


def d_sigmoid_with_loss(d, y):
    """Derivative of the binary cross-entropy by the total input of sigmoids: d, y (N, C) or (C,) -> the same shape."""
    N = len(y) if y.ndim == 2 else 1  # blank: the number of samples
    return (y - d) / N  # blank: the mean is over the samples


def d_softmax_with_loss(d, y):
    """Derivative of the cross-entropy by the total input of softmax: d one-hot, y (N, C) or (C,) -> the same shape."""
    N = len(y) if y.ndim == 2 else 1  # blank: the number of samples
    return (y - d) / N  # blank: the mean is over the samples


# %% [markdown]
# Try them. The sigmoid is steepest at 0, with a slope of 0.25. In the last line there are two samples.

# %%
print(d_sigmoid(np.array([-1000.0, -1.0, 0.0, 1.0])))
print(d_relu(np.array([-2.0, 0.0, 3.0])))
print(d_softmax_with_loss(np.array([[1, 0, 0], [0, 0, 1]]), np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])))

# %% [markdown]
# ## 2 · Back through the network
#
# Write $\delta_2$ for the derivative of the loss by $u_2$, and $\delta_1$ for that by $u_1$. Both have one row for each
# sample. For the sigmoid together with the cross-entropy, $\delta_2$ is simply the error, divided by $N$:
#
# $$\delta_2 = \frac{y - d}{N}$$
#
# The $N$ comes from the mean over the samples. From there one goes back through the weights, then through relu, whose
# derivative is 1 where $u_1 > 0$ and 0 elsewhere ($\odot$ is the product element by element):
#
# $$\delta_1 = \left(\delta_2 W_2^{\top}\right) \odot \mathrm{relu}'(u_1)$$
#
# **From deltas to gradients.** Each weight connects one input of its layer with one of its outputs, so its gradient is
# the product of that input and that delta, summed over the samples. A bias has the input 1, so only the deltas are
# summed:
#
# $$\frac{\partial E}{\partial W_2} = z_1^{\top} \delta_2 \qquad
# \frac{\partial E}{\partial b_2} = \sum_{n=1}^{N} \delta_{2,n} \qquad
# \frac{\partial E}{\partial W_1} = x^{\top} \delta_1 \qquad
# \frac{\partial E}{\partial b_1} = \sum_{n=1}^{N} \delta_{1,n}$$
#
# Check the shapes: a gradient has the shape of its parameter.


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
# ## 3 · What is computed once
#
# Backpropagation is quick because nothing is computed twice. Here is the function again, with its formulas replaced
# by function names:
#
# ```python
# def backward(network, x, d, u1, z1, y):
#     grad = {}
#     delta2 = error(d, y)
#     grad["b2"] = summed(delta2)
#     grad["W2"] = joined(z1, delta2)
#     delta1 = back(delta2, network["W2"], u1)
#     grad["b1"] = summed(delta1)
#     grad["W1"] = joined(x, delta1)
#     return grad
# ```
#
# Which lines keep a result that **later lines use again**? Copy them, each as a string, into a list.

# %% question="kept_results"
kept_results = ["delta2 = error(d, y)", "delta1 = back(delta2, network['W2'], u1)"]  # blank: the lines, as strings

# %% [markdown]
# ## 4 · Another loss, another delta
#
# Only the start of the backward pass depends on the output and the loss. Take a network for regression: its output is
# the identity, $y = u_2$, and its loss is the mean squared error over all $N C$ elements,
#
# $$E = \frac{1}{2 N C} \sum_{n=1}^{N} \sum_{k=1}^{C} \left(d_{nk} - y_{nk}\right)^2$$
#
# To keep it short, its hidden layer is frozen and its output has no bias: `W2` is the only parameter that learns. Two
# lines are missing. They are the same two as in the classifier above: what is different?


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
# How do you know that a gradient is right? Change one number a little, and see how the loss changes. For a function $f$
# that takes an array $x$ and gives one number, the **central difference**
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h} \qquad h = 10^{-4}$$
#
# changes the element $x_i$ alone, up and down by $h$; all others stay. It needs two calls of $f$ for every element,
# which is far too slow for learning, but good for checking. Note:
#
# - `x` is of shape `(D,)` or `(N, D)`, and the gradient has the same shape. `np.ndindex(x.shape)` runs over the indices
#   of an array of any shape.
# - $f$ gets the **whole** array, with one element changed.
# - `x` may contain integers, which can't be changed by $10^{-4}$: use an array of floats.
# - After the call, `x` is unchanged.


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

# %% [markdown]
# ## 6 · Does it converge?
#
# Now everything together, on a small problem: forty points in the plane, and whether their first coordinate is the
# larger one. You train three times and look at the loss:
#
# 1. `relu`: with relu in the hidden layer;
# 2. `sigmoid`: with the sigmoid in the hidden layer, everything else unchanged;
# 3. `wide`: with relu again, but with inputs five times as far apart.
#
# **Both passes must use the same activation.** If you change the activation of the forward pass, use its derivative
# in the backward pass. If you forget, nothing crashes: the loss may even fall, only not as it should. (An older
# notebook of this course has relu in the forward pass, and the derivative of the sigmoid in the backward pass.) The
# numerical gradient shows the mistake, and so this question is graded with it: each `backward` must give the rate at
# which the loss of its own `forward` changes with each parameter.
#
# Write both pairs. All signatures are as before; the outputs are sigmoids, the loss is the binary cross-entropy. For
# relu you have both functions already, and may call them.


# %% question="convergence"
def forward_relu(network, x):
    """The forward pass with a hidden relu: x (N, D_in) -> u1 (N, H), z1 (N, H), u2 (N, C), y (N, C)."""
    ### BEGIN SOLUTION
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    return u1, z1, u2, 1 / (1 + np.exp(-u2))
    ### END SOLUTION


def backward_relu(network, x, d, u1, z1, y):
    """The gradients that belong to `forward_relu`: a dict with the keys of network."""
    ### BEGIN SOLUTION
    delta2 = (y - d) / len(x)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    return {
        "W1": np.dot(x.T, delta1),
        "b1": np.sum(delta1, axis=0),
        "W2": np.dot(z1.T, delta2),
        "b2": np.sum(delta2, axis=0),
    }
    ### END SOLUTION


def forward_sigmoid(network, x):
    """The forward pass with a hidden sigmoid: x (N, D_in) -> u1 (N, H), z1 (N, H), u2 (N, C), y (N, C)."""
    ### BEGIN SOLUTION
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = 1 / (1 + np.exp(-u1))
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    return u1, z1, u2, 1 / (1 + np.exp(-u2))
    ### END SOLUTION


def backward_sigmoid(network, x, d, u1, z1, y):
    """The gradients that belong to `forward_sigmoid`: a dict with the keys of network."""
    ### BEGIN SOLUTION
    delta2 = (y - d) / len(x)
    delta1 = np.dot(delta2, network["W2"].T) * z1 * (1 - z1)
    return {
        "W1": np.dot(x.T, delta1),
        "b1": np.sum(delta1, axis=0),
        "W2": np.dot(z1.T, delta2),
        "b2": np.sum(delta2, axis=0),
    }
    ### END SOLUTION


# %% [markdown]
# `train` always begins with the same network. In every step: forward, note the loss
# (`functions.binary_cross_entropy(d, y)`), backward, and one step of gradient descent on every parameter.


# %% question="convergence"
def train(forward, backward, x, d, learning_rate=0.5, steps=200):
    """The loss before each step, a list of `steps` numbers."""
    start = np.random.default_rng(1)
    network = {
        "W1": start.normal(size=(2, 4)),
        "b1": np.zeros(4),
        "W2": start.normal(size=(4, 1)),
        "b2": np.zeros(1),
    }
    losses = []
    for _ in range(steps):
        ### BEGIN SOLUTION
        u1, z1, _, y = forward(network, x)
        losses.append(functions.binary_cross_entropy(d, y))
        grad = backward(network, x, d, u1, z1, y)
        for key in network:
            network[key] -= learning_rate * grad[key]
        ### END SOLUTION
    return losses


# %% [markdown]
# Three runs. Draw the curves, if you like: `plt.plot(relu_losses)` after `import matplotlib.pyplot as plt`. Which falls
# fastest, and can you say why? You hand in, of each run, its losses and the two functions that it used.

# %% question="convergence"
points = np.random.default_rng(0).uniform(-1, 1, size=(40, 2))
first_is_larger = (points[:, :1] > points[:, 1:]).astype(float)

relu_losses = train(forward_relu, backward_relu, points, first_is_larger)  # blank: run 1
sigmoid_losses = train(forward_sigmoid, backward_sigmoid, points, first_is_larger)  # blank: run 2
wide_losses = train(forward_relu, backward_relu, 5 * points, first_is_larger)  # blank: run 3
convergence = {
    "relu": {"losses": relu_losses, "forward": forward_relu, "backward": backward_relu},
    "sigmoid": {"losses": sigmoid_losses, "forward": forward_sigmoid, "backward": backward_sigmoid},
    "wide": {"losses": wide_losses, "forward": forward_relu, "backward": backward_relu},
}
