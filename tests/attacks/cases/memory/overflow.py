"""A size beyond the machine's integers is an exception, not a crash."""
# raised: OverflowError


def attack(facts):
    return [0] * 10**30
