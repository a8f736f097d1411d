"""A cell that never ends loses its definitions; the rest is judged."""
# cell: time_limit
# raised: missing
# cell_cpu: 0.5

while True:
    pass


def attack(facts):
    return []
