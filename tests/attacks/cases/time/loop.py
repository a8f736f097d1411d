"""An endless loop hits the time limit."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    while True:
        pass
