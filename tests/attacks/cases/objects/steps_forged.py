"""Steps that are sent as an answer are performed nowhere."""
# value: any
# ends: done | died


import sys


class Attack:
    size = 2

    def __init__(self, facts):
        pass

    def run(self, facts):
        frame = sys._getframe()
        while frame is not None:
            for value in list(frame.f_locals.values()):
                if type(value).__name__ == "Steps":
                    return value
            frame = frame.f_back
