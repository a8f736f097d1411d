"""Commands with their arguments and options."""
