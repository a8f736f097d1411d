vanishing_gradient = "a e"
