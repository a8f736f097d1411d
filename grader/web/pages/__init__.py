"""The pages: one module per subject. Each has a `router`, which the application finds by its place here."""
