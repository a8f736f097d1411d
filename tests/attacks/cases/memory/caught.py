"""Code that catches MemoryError and retries forever hits the time limit."""
# ends: time_limit | memory_limit | died
# cpu: 0.5


def attack(facts):
    pieces = []
    while True:
        try:
            pieces.append(bytearray(2**20))
        except MemoryError:
            pass
