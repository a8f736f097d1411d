def mean_squared_error(d, y):
    total = 0.0
    for a, b in zip(d.ravel().tolist(), y.ravel().tolist(), strict=True):
        total += (a - b) ** 2
    return total / (2 * d.size)
