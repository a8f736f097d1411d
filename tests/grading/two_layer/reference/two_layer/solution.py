# %% [markdown]
# # A network with two layers

# %%
import numpy as np

# %% [markdown]
# Write the class `TwoLayer`.


# %% question="two_layer"
class TwoLayer:
    """A network with one hidden layer: X (N, D) -> scores (N, C)."""

    def __init__(self, inputs, hidden, classes, scale=0.1, seed=0):
        rng = np.random.default_rng(seed)
        self.params = {
            "W1": scale * rng.normal(size=(inputs, hidden)),
            "b1": np.zeros(hidden),
            "W2": scale * rng.normal(size=(hidden, classes)),
            "b2": np.zeros(classes),
        }

    def scores(self, X):
        """The scores of each sample: X (N, D) -> (N, C)."""
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        hidden = np.maximum(0, X @ W1 + b1)  # blank: the hidden layer
        return hidden @ W2 + b2  # blank: the scores

    def loss(self, X, y, reg=0.0):
        """The loss of a batch, and the gradients: X (N, D), y (N,) -> (), dict."""
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        N = X.shape[0]
        hidden = np.maximum(0, X @ W1 + b1)
        scores = hidden @ W2 + b2
        shifted = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(p[np.arange(N), y]))  # blank: the cross entropy
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))  # blank-line: the penalty
        delta2 = p.copy()
        delta2[np.arange(N), y] -= 1
        delta2 = delta2 / N  # blank: divided by the number of samples
        delta1 = delta2 @ W2.T * (hidden > 0)
        grads = {
            "W1": X.T @ delta1 + 2 * reg * W1,
            "b1": delta1.sum(axis=0),
            "W2": hidden.T @ delta2 + 2 * reg * W2,
            "b2": delta2.sum(axis=0),
        }
        return loss, grads

    def train(self, X, y, rate=0.1, reg=0.0, steps=10):
        """Update the parameters in some steps; return the loss before each."""
        history = []
        for _ in range(steps):
            loss, grads = self.loss(X, y, reg)
            history.append(loss)
            for name in self.params:
                self.params[name] = self.params[name] - rate * grads[name]  # blank: one step down the gradient
        return history

    def predict(self, X):
        """The class with the largest score of each sample: X (N, D) -> (N,)."""
        return np.argmax(self.scores(X), axis=1)  # blank: the class
