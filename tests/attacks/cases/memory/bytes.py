"""One allocation beyond the budget hits the memory limit."""
# ends: memory_limit
# limit: memory


def attack(facts):
    return len(bytearray(2 * facts["memory"]))
