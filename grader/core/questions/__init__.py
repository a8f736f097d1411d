"""A course's exercises, their questions and checks, and the helper modules that go with them."""
