"""A class whose construction never ends is stopped."""
# ends: time_limit
# cpu: 0.5


class Attack:
    def __init__(self, facts):
        while True:
            pass
