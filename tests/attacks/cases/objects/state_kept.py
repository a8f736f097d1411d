"""Objects that a class remembers are gone with its process."""
# value: any


class Attack:
    made = []
    size = 0

    def __init__(self, facts):
        self.made.append(self)

    def run(self, facts):
        return len(self.made)
