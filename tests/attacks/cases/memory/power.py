"""A number with a hundred million digits costs its question: by time or by memory."""
# ends: time_limit | memory_limit
# cpu: 0.5


def attack(facts):
    return 10 ** 10**8
