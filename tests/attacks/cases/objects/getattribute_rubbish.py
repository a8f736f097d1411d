"""Every attribute of an object is another rubbish value."""
# value: any
# ends: done | died | output_limit
# raised: TypeError | missing


class Attack:
    def __init__(self, facts):
        pass

    def __getattribute__(self, name):
        found = value = []
        for _ in range(1000):
            value.append([])
            value = value[0]
        return found
