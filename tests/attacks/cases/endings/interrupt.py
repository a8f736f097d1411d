"""A KeyboardInterrupt raised by the student's code doesn't interrupt the grader."""
# raised: KeyboardInterrupt


def attack(facts):
    raise KeyboardInterrupt
