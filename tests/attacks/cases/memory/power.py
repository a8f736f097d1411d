"""A number with a hundred million digits ends its question at the time or memory limit."""
# ends: time_limit | memory_limit
# cpu: 0.5


def attack(facts):
    return 10 ** 10**8
