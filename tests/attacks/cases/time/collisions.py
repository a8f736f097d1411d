"""A dict whose keys all collide uses only its own question's time."""
# ends: time_limit
# cpu: 0.3


def attack(facts):
    return len({k * (2**61 - 1): 0 for k in range(200_000)})
