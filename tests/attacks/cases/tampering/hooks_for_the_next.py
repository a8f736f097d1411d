"""The next job finds nothing that was left behind: modules, builtins, seeds, warnings, encodings, limits."""
# honest: lost

import builtins
import codecs
import decimal
import gc
import locale
import os
import random
import sys
import warnings

import numpy as np


def attack(facts):
    builtins.left_behind = sys.left_behind = np.left_behind = "here"
    os.environ["LEFT_BEHIND"] = "1"
    sys.path.insert(0, "/tmp")
    random.seed(1)
    np.random.seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    decimal.getcontext().prec = 1
    warnings.simplefilter("error")
    codecs.register(lambda name: None)
    gc.disable()
    locale.setlocale(locale.LC_ALL, "C")
    sys.setrecursionlimit(100)
    sys.setswitchinterval(1e-6)
    return []
