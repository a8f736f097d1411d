"""A loop that catches every exception is stopped nevertheless."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    while True:
        try:
            while True:
                raise KeyboardInterrupt
        except BaseException:
            pass
