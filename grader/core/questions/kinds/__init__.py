"""The kinds of question, one module per kind."""
