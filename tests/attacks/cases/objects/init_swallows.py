"""A construction that swallows every exception and goes on is stopped."""
# ends: time_limit
# cpu: 0.5


class Attack:
    def __init__(self, facts):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
