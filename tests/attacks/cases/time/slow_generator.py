"""A generator that hangs hits the time limit."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    def forever():
        while True:
            pass
        yield 1

    return forever()
