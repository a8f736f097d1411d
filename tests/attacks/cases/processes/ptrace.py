"""No other process can be traced, read, written or inspected, nor be invited to inspect this one."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    buffer = ctypes.create_string_buffer(64)
    for pid in (facts["grader_pid"], facts["zygote_pid"], facts["bystander_pid"], 1, 2):
        for request in (16, 0x4206, 2):  # ATTACH SEIZE PEEKDATA
            if libc.syscall(101, request, pid, 0, 0) != -1:
                loot.append(("ptrace", pid))
        for call in (310, 311, 312, 440, 448):  # process_vm_readv process_vm_writev kcmp process_madvise mrelease
            if libc.syscall(call, pid, buffer, 1, buffer, 1, 0) >= 0:
                loot.append((call, pid))
        if libc.syscall(438, pid, 3, 0) >= 0:
            loot.append(("pidfd_getfd", pid))
    if libc.prctl(0x59616D61, -1, 0, 0, 0) == 0 or libc.prctl(4, 1, 0, 0, 0) == 0:
        loot.append("prctl")
    return loot
