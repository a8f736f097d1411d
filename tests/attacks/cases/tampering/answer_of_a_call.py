"""A function that answers from what it was called with before carries nothing into the next job."""
# value: 1

calls = []


def attack(facts):
    calls.append(facts)
    return len(calls)
