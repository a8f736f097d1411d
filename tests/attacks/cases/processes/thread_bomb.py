"""A thread bomb is a loop that fails."""


def attack(facts):
    import _thread

    made = 0
    for _ in range(2000):
        try:
            _thread.start_new_thread(lambda: None, ())
            made += 1
        except RuntimeError:
            pass
    return [made] if made else []
