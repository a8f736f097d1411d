"""Nothing of /proc: no memory, no environment, no command line, no open files of anybody, oneself included."""


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
