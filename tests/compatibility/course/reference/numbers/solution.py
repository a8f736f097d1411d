# %% [markdown]
# # Numbers: functions of arrays
#
# Each question asks for a function.

# %%
import numpy as np
from common.tools import column_means

# %% [markdown]
# ## 1 · Centre the columns


# %% question="centre"
def centred(x):
    """Each column with mean 0: x (N, D) -> (N, D)."""
    mean = column_means(x)  # blank: the mean of each column, shape (D,)
    return x - mean  # blank: the centred columns


# %% [markdown]
# ## 2 · Two derivatives


# %% question="derivatives"
def d_square(x):
    """The derivative of x ** 2: x of any shape -> the same shape."""
    return 2 * x  # blank: the derivative


# %% question="derivatives"
def d_cube(x):
    """The derivative of x ** 3: x of any shape -> the same shape."""
    return 3 * x**2  # blank: the derivative


# %% [markdown]
# ## 3 · One step, in place


# %% question="step"
def step(weights, gradient, rate):
    """Changes the arrays in the dict `weights` in place."""
    for name in weights:
        weights[name] -= rate * gradient[name]  # blank-line: one step against the gradient


# %% [markdown]
# ## 4 · Forward through two layers


# %% question="layers"
def layers(x, W, V):
    """x (N, D), W (D, H), V (H, C) -> a dict with "hidden" (N, H) and "output" (N, C)."""
    ### BEGIN SOLUTION
    total = x @ W
    hidden = np.maximum(total, 0)
    ### END SOLUTION
    output = hidden @ V  # blank: the output of the second layer
    return {"hidden": hidden, "output": output}


# %% [markdown]
# ## 5 · A slope, measured


# %% question="slope"
def slope(f, x):
    """The derivative of the function f at the number x, by a central difference."""
    h = 1e-4
    return (f(x + h) - f(x - h)) / (2 * h)  # blank: the central difference


# %% [markdown]
# ## 6 · Noise


# %% question="noise"
def noise(rng, n):
    """n numbers between -1 and 1, drawn from the generator rng."""
    return rng.uniform(-1, 1, size=n)  # blank: the numbers
