"""No timer, alarm or asynchronous signal outlives the job or affects another process."""

import ctypes
import signal

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    if libc.syscall(222 if facts["machine"] == "x86_64" else 107, 1, None, ctypes.create_string_buffer(8)) == 0:
        loot.append("timer_create")
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        loot.append("setitimer")
    except OSError:
        pass
    return loot
