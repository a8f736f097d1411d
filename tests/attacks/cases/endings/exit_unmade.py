"""A child without os._exit can't return into the zygote's code and act for it."""
# honest: lost
# ends: done | died

import os
import sys

import numpy as np


def attack(facts):
    os._exit = lambda code: None
    sys.modules["grader.sandbox.inside.child"].os._exit = lambda code: None
    sys.modules["grader.sandbox.inside.message_reader"].MessageReader.read_message = lambda self: None
    return []
