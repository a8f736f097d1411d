vanishing_gradient = {"a", "e", "f"}
