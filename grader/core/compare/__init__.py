"""Compare values with the expected ones: tensors, their tables and heat maps, curves, networks."""
