"""The content of a class page as data: statistics of students, exercises, questions and checks."""
