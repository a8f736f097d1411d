"""A property that claims that it is missing is told as the exception that it raises."""
# raised: AttributeError


class Attack:
    def __init__(self, facts):
        pass

    @property
    def size(self):
        raise AttributeError("size")

    def run(self, facts):
        return 1
