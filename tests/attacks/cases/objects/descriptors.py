"""A descriptor may count how often it is read, and gets nothing else."""
# value: any


class Reads:
    def __init__(self):
        self.count = 0

    def __get__(self, owner, kind):
        self.count += 1
        return self.count

    def __set__(self, owner, value):
        self.count += 100

    def __set_name__(self, owner, name):
        owner.names = [*getattr(owner, "names", []), name]


class Attack:
    weight = Reads()
    size = Reads()

    def __init__(self, facts):
        pass

    def run(self, facts):
        return self.names
