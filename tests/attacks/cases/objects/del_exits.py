"""An object that ends the process when it is deleted loses its own answer only."""
# value: any
# ends: done | died
# honest: lost


import os


class Attack:
    size = 1

    def __init__(self, facts):
        pass

    def __del__(self):
        os._exit(0)

    def run(self, facts):
        return 1
