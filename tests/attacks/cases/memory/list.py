"""Memory that grows piece by piece hits the memory limit."""
# ends: memory_limit
# limit: memory
# cpu: 60


def attack(facts):
    pieces = []
    while True:
        pieces.append(bytearray(2**20))
