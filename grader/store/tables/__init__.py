"""One module per concern: its queries and changes, each in the caller's transaction or one of its own."""
