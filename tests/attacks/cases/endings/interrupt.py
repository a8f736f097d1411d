"""A KeyboardInterrupt of the student's own doesn't interrupt us."""
# raised: KeyboardInterrupt


def attack(facts):
    raise KeyboardInterrupt
