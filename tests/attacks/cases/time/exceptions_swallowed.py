"""A loop that catches everything is stopped all the same."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    while True:
        try:
            while True:
                raise KeyboardInterrupt
        except BaseException:
            pass
