"""A size beyond what the machine can count is an exception, no crash."""
# raised: OverflowError


def attack(facts):
    return [0] * 10**30
