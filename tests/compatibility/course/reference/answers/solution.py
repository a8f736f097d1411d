# %% [markdown]
# # Answers: data and words

# %%
import numpy as np

# %% [markdown]
# ## 1 · Parameters
#
# Which are learnt: the input `x`, the weights `W`, the biases `b`?

# %% question="learnt"
learnt = {"W", "b"}  # blank: a set of keys

# %% [markdown]
# ## 2 · One of three
#
# Where is the sigmoid steepest: `left`, `middle` or `right`?

# %% question="steepest"
where = "middle"  # blank: one key

# %% [markdown]
# ## 3 · What belongs together

# %% question="pairs"
pairs = {"regression": "mse", "classes": {"softmax", "entropy"}}  # blank: a dict, from each task to what belongs to it

# %% [markdown]
# ## 4 · Read a listing
#
# ```python
# u = np.dot(x, W) + b
# z = relu(u)
# ```

# %% question="line"
line = "u = np.dot(x, W) + b"  # blank: the line that makes the total input, as text

# %% question="all_lines"
all_lines = ["u = np.dot(x, W) + b", "z = relu(u)"]  # blank: all lines that define something, as a list of texts

# %% [markdown]
# ## 5 · Variables

# %% question="arrays"
W = np.zeros((2, 3))  # blank: zeros, shape (2, 3)
total = float(np.sum(W))  # blank: their sum, as a float

# %% [markdown]
# ## 6 · Draw a network with 2 inputs, 3 hidden nodes, 1 output

# %% question="net"
net = [2, 3, 1]  # blank: the layers' sizes

# %% [markdown]
# ## 7 · An experiment


# %% question="descent"
def descend(x, rate):
    """x after one step down the parabola x ** 2, and the loss there."""
    x = x - rate * 2 * x  # blank: one step
    return x, x**2


# %% question="descent"
curves = {"good": [0.8**n for n in range(30)], "flat": [1.0] * 30}  # blank: a dict of losses: "good" falls
runs = {"first": {"descend": descend}}

# %% [markdown]
# ## 8 · Why
#
# Why does a network need a nonlinear activation? At most three lines.

# %% [markdown] question="why"
# question: why
#
# ### BEGIN SOLUTION
# Without one, two layers make no more than one: a product of matrices is a matrix.
# ### END SOLUTION
