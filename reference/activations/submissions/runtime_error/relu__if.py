def relu(u):
    if u > 0:
        return u
    return 0
