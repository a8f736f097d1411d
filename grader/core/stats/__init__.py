"""What a class page says, as data: statistics of students, exercises, questions and checks."""
