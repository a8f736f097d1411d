"""One module per concern: its queries and changes, each within a transaction of the caller's or its own."""
