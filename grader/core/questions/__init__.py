"""What is asked: a course's exercises, their questions and checks, and the helper modules that go with them."""
