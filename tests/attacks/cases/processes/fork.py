"""No process or thread can be started: fork, vfork, clone, clone3, posix_spawn, subprocess, threads, pools."""

import concurrent.futures
import ctypes
import multiprocessing
import os
import subprocess
import threading

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    ways = [
        os.fork,
        os.forkpty,
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: subprocess.run(["/bin/true"]),
        lambda: os.popen("true").read(),
        lambda: os.system("true") == 0 or [][0],
        lambda: os.execv("/bin/true", ["true"]),
        lambda: threading.Thread(target=print).start(),
        lambda: concurrent.futures.ThreadPoolExecutor(1).submit(print).result(1),
        lambda: multiprocessing.Process(target=print).start(),
        lambda: libc.syscall(56, 17, 0, 0, 0, 0) >= 0 or [][0],
        lambda: libc.syscall(57) >= 0 or [][0],
        lambda: libc.syscall(58) >= 0 or [][0],
        lambda: libc.syscall(435, ctypes.create_string_buffer(88), 88) >= 0 or [][0],
    ]
    for i, way in enumerate(ways):
        try:
            way()
            loot.append(i)
        except (OSError, RuntimeError, ImportError, IndexError):
            pass
    return loot
