"""An endless loop is a time limit."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    while True:
        pass
