"""No signal reaches the grader, the zygote, process 1, the group, all processes, or an unrelated one."""

import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    own = os.getpid()
    for pid in (facts["grader_pid"], facts["zygote_pid"], facts["bystander_pid"], 1, 0, -1, own + 1, 2):
        for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, 0):
            try:
                os.kill(pid, number)
                loot.append((pid, int(number)))
            except OSError:
                pass
            for call in (200, 234, 129, 297):  # tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo
                if libc.syscall(call, pid, pid if call in (234, 297) else number, number, 0) == 0:
                    loot.append((call, pid))
    try:
        os.killpg(0, signal.SIGKILL)
        loot.append("group")
    except OSError:
        pass
    return loot
