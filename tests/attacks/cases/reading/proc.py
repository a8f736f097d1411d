"""Nothing in /proc can be read: no memory, environment, command line or open files, not even the process's own."""


def attack(facts):
    loot = []
    for pid in ("self", "thread-self", "1", str(facts["grader_pid"]), str(facts["zygote_pid"])):
        for name in ("mem", "environ", "cmdline", "maps", "status", "fd/3", "root/etc/passwd", "cwd", "exe", "auxv"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    loot.append((pid, name, file.read(8)))
            except OSError:
                pass
    return loot
