"""What comes of grading, as data that is stored: verdicts, gradings, marks, and the rules of a score."""
