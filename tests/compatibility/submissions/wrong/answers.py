# %%
import numpy as np

learnt = {"W", "x"}
where = "left"
pairs = {"regression": "softmax", "classes": {"softmax"}}
line = "z = relu(u)"
all_lines = ["z = relu(u)", "print(z)", "u = np.dot(x, W)"]
W = np.zeros((2, 3))
total = 0
net = {"layers": [["a", "b"], ["c", "d"], ["e"]]}


def descend(x, rate):
    x = x + rate * 2 * x
    return x, x**2


curves = {"good": [1.0 - 0.02 * n for n in range(30)]}
runs = {"first": {"descend": descend}}

# %% [markdown]
# question: why
#
# Because it is more powerful.
