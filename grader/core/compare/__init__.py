"""Equal, or how not: tensors, their tables and heat maps, curves, networks."""
