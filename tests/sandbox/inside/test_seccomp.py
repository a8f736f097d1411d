"""Tests of the filter's program, evaluated for both architectures over all numbers, against hand-written tables."""

import struct

import pytest

from grader.sandbox.inside import seccomp

ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OTHERS = {"i386": 0x40000003, "arm": 0x40000028, "ppc64le": 0xC0000015, "riscv64": 0xC00000F3, "none": 0}

# From the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
X86_64 = """
0 read 1 write 3 close 8 lseek 9 mmap 10 mprotect 11 munmap 12 brk 13 rt_sigaction 14 rt_sigprocmask 15 rt_sigreturn
19 readv 20 writev 24 sched_yield 25 mremap 28 madvise 35 nanosleep 39 getpid 60 exit 96 gettimeofday 98 getrusage
100 times 102 getuid 104 getgid 107 geteuid 108 getegid 131 sigaltstack 186 gettid 201 time 202 futex
219 restart_syscall 228 clock_gettime 229 clock_getres 230 clock_nanosleep 231 exit_group 318 getrandom
"""
AARCH64 = """
57 close 62 lseek 63 read 64 write 65 readv 66 writev 93 exit 94 exit_group 98 futex 101 nanosleep 113 clock_gettime
114 clock_getres 115 clock_nanosleep 124 sched_yield 128 restart_syscall 132 sigaltstack 134 rt_sigaction
135 rt_sigprocmask 139 rt_sigreturn 153 times 165 getrusage 169 gettimeofday 172 getpid 174 getuid 175 geteuid
176 getgid 177 getegid 178 gettid 214 brk 215 munmap 216 mremap 222 mmap 226 mprotect 233 madvise 278 getrandom
"""
DANGEROUS = {
    "x86_64": """
    2 open 4 stat 5 fstat 6 lstat 7 poll 16 ioctl 17 pread64 18 pwrite64 21 access 22 pipe 26 msync 27 mincore
    29 shmget 30 shmat 32 dup 33 dup2 34 pause 36 getitimer 37 alarm 38 setitimer 40 sendfile 41 socket
    42 connect 43 accept 44 sendto 45 recvfrom 46 sendmsg 47 recvmsg 49 bind 50 listen 53 socketpair 56 clone
    57 fork 58 vfork 59 execve 62 kill 64 semget 68 msgget 72 fcntl 76 truncate 77 ftruncate 78 getdents
    79 getcwd 80 chdir 81 fchdir 82 rename 83 mkdir 84 rmdir 85 creat 86 link 87 unlink 88 symlink 89 readlink
    90 chmod 91 fchmod 92 chown 95 umask 97 getrlimit 99 sysinfo 101 ptrace 105 setuid 106 setgid 109 setpgid
    112 setsid 116 setgroups 117 setresuid 119 setresgid 126 capset 129 rt_sigqueueinfo 133 mknod 134 uselib
    135 personality 137 statfs 141 setpriority 142 sched_setparam 144 sched_setscheduler 149 mlock 151 mlockall
    154 modify_ldt 155 pivot_root 156 _sysctl 157 prctl 158 arch_prctl 159 adjtimex 160 setrlimit 161 chroot
    163 acct 164 settimeofday 165 mount 166 umount2 167 swapon 169 reboot 170 sethostname 172 iopl 173 ioperm
    175 init_module 188 setxattr 200 tkill 203 sched_setaffinity 206 io_setup 209 io_submit 213 epoll_create
    216 remap_file_pages 217 getdents64 222 timer_create 227 clock_settime 234 tgkill 237 mbind
    238 set_mempolicy 240 mq_open 246 kexec_load 248 add_key 249 request_key 250 keyctl 253 inotify_init
    256 migrate_pages 257 openat 258 mkdirat 259 mknodat 262 newfstatat 263 unlinkat 264 renameat 265 linkat
    266 symlinkat 268 fchmodat 272 unshare 275 splice 276 tee 278 vmsplice 279 move_pages 282 signalfd
    283 timerfd_create 284 eventfd 288 accept4 292 dup3 293 pipe2 297 rt_tgsigqueueinfo 298 perf_event_open
    300 fanotify_init 302 prlimit64 303 name_to_handle_at 304 open_by_handle_at 305 clock_adjtime 307 sendmmsg
    308 setns 310 process_vm_readv 311 process_vm_writev 312 kcmp 313 finit_module 314 sched_setattr
    316 renameat2 317 seccomp 319 memfd_create 320 kexec_file_load 321 bpf 322 execveat 323 userfaultfd
    324 membarrier 325 mlock2 326 copy_file_range 329 pkey_mprotect 330 pkey_alloc 332 statx 333 io_pgetevents
    334 rseq 424 pidfd_send_signal 425 io_uring_setup 426 io_uring_enter 427 io_uring_register 428 open_tree
    429 move_mount 430 fsopen 432 fsmount 434 pidfd_open 435 clone3 436 close_range 437 openat2 438 pidfd_getfd
    440 process_madvise 442 mount_setattr 443 quotactl_fd 444 landlock_create_ruleset 447 memfd_secret
    448 process_mrelease 449 futex_waitv 454 futex_wake 455 futex_wait 456 futex_requeue 460 lsm_set_self_attr
    462 mseal
    """,
    "aarch64": """
    0 io_setup 2 io_submit 5 setxattr 17 getcwd 19 eventfd2 20 epoll_create1 23 dup 24 dup3 25 fcntl
    26 inotify_init1 29 ioctl 33 mknodat 34 mkdirat 35 unlinkat 36 symlinkat 37 linkat 38 renameat 39 umount2
    40 mount 41 pivot_root 43 statfs 45 truncate 46 ftruncate 48 faccessat 49 chdir 50 fchdir 51 chroot
    52 fchmod 53 fchmodat 54 fchownat 56 openat 59 pipe2 61 getdents64 67 pread64 68 pwrite64 71 sendfile
    74 signalfd4 75 vmsplice 76 splice 77 tee 78 readlinkat 79 newfstatat 80 fstat 85 timerfd_create 89 acct
    90 capget 91 capset 92 personality 97 unshare 102 getitimer 103 setitimer 104 kexec_load 105 init_module
    107 timer_create 112 clock_settime 117 ptrace 118 sched_setparam 119 sched_setscheduler
    122 sched_setaffinity 129 kill 130 tkill 131 tgkill 138 rt_sigqueueinfo 140 setpriority 142 reboot
    144 setgid 146 setuid 147 setresuid 149 setresgid 154 setpgid 157 setsid 159 setgroups 161 sethostname
    163 getrlimit 164 setrlimit 166 umask 167 prctl 170 settimeofday 171 adjtimex 179 sysinfo 180 mq_open
    186 msgget 190 semget 194 shmget 196 shmat 198 socket 199 socketpair 200 bind 201 listen 202 accept
    203 connect 206 sendto 207 recvfrom 211 sendmsg 212 recvmsg 217 add_key 218 request_key 219 keyctl
    220 clone 221 execve 224 swapon 227 msync 228 mlock 230 mlockall 232 mincore 234 remap_file_pages 235 mbind
    238 migrate_pages 239 move_pages 240 rt_tgsigqueueinfo 241 perf_event_open 242 accept4 261 prlimit64
    262 fanotify_init 264 name_to_handle_at 265 open_by_handle_at 268 setns 269 sendmmsg 270 process_vm_readv
    271 process_vm_writev 272 kcmp 273 finit_module 274 sched_setattr 276 renameat2 277 seccomp
    279 memfd_create 280 bpf 281 execveat 282 userfaultfd 283 membarrier 285 copy_file_range 288 pkey_mprotect
    291 statx 294 kexec_file_load 424 pidfd_send_signal 425 io_uring_setup 426 io_uring_enter
    427 io_uring_register 428 open_tree 429 move_mount 430 fsopen 432 fsmount 434 pidfd_open 435 clone3
    436 close_range 437 openat2 438 pidfd_getfd 440 process_madvise 442 mount_setattr
    444 landlock_create_ruleset 447 memfd_secret 448 process_mrelease 449 futex_waitv 462 mseal
    """,
}
ALLOWED = {"x86_64": X86_64, "aarch64": AARCH64}
MACHINES = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
KILL, EACCES, ALLOW = 0x80000000, 0x0005000D, 0x7FFF0000


def table(text: str) -> dict[int, str]:
    words = text.split()
    return {int(number): name for number, name in zip(words[::2], words[1::2], strict=True)}


def evaluate(program: bytes, number: int, arch: int, arguments: tuple[int, ...] = ()) -> int:
    """Return the verdict of the kernel's classic BPF machine for one system call."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, arch, 0, *(a & 0xFFFFFFFFFFFFFFFF for a in padded))
    code = list(struct.iter_unpack("<HBBI", program))
    loaded = at = 0
    for _ in range(len(code)):
        operation, if_true, if_false, k = code[at]
        at += 1
        if operation == 0x20:
            (loaded,) = struct.unpack_from("<I", data, k)
        elif operation == 0x54:
            loaded &= k
        elif operation == 0x06:
            return int(k)
        else:
            holds = {0x15: loaded == k, 0x35: loaded >= k, 0x45: bool(loaded & k)}[operation]
            at += if_true if holds else if_false
    raise AssertionError("the program has no end")


@MACHINES
def test_only_listed_calls_are_allowed(machine: str) -> None:
    """Of the numbers 0 to 600, exactly the calls of the hand-written table are allowed; others get EACCES."""
    program = seccomp.assemble_filter(machine)
    wanted = table(ALLOWED[machine])
    for number in range(601):
        verdict = evaluate(program, number, ARCH[machine])
        assert verdict == (ALLOW if number in wanted else EACCES), (number, wanted.get(number))


@MACHINES
def test_dangerous_calls_are_denied(machine: str) -> None:
    """Calls that open, create, connect, signal, trace or mount are denied with any argument."""
    program = seccomp.assemble_filter(machine)
    for number, name in table(DANGEROUS[machine]).items():
        for arguments in ((), (0, 1, 2, 3, 4, 5), (2**64 - 1,) * 6):
            assert evaluate(program, number, ARCH[machine], arguments) == EACCES, name


@MACHINES
def test_tables_agree_on_names(machine: str) -> None:
    """No call is both allowed and dangerous, and both architectures allow the same names (`time` is only on x86)."""
    assert not set(table(ALLOWED[machine])) & set(table(DANGEROUS[machine]))
    assert set(table(X86_64).values()) - set(table(AARCH64).values()) == {"time"}
    assert set(table(AARCH64).values()) <= set(table(X86_64).values())


@MACHINES
def test_memory_may_not_become_executable(machine: str) -> None:
    """mmap and mprotect are denied with PROT_EXEC, whatever the other flags, and allowed without it."""
    program = seccomp.assemble_filter(machine)
    for number in (n for n, name in table(ALLOWED[machine]).items() if name in ("mmap", "mprotect")):
        for protection in range(16):
            for extra in (0, 0x01000000, 2**40):
                verdict = evaluate(program, number, ARCH[machine], (0, 4096, protection | extra, 0x22, 2**64 - 1, 0))
                assert verdict == (EACCES if protection & 4 else ALLOW)


@MACHINES
def test_only_simple_futexes(machine: str) -> None:
    """The futex operations wait, wake, requeue, wake_op and the bitset forms are allowed, others are not."""
    program = seccomp.assemble_filter(machine)
    (futex,) = (n for n, name in table(ALLOWED[machine]).items() if name == "futex")
    simple = {0, 1, 3, 4, 5, 9, 10}
    for operation in range(128):
        for flags in (0, 128, 256, 128 | 256, 2**32):
            verdict = evaluate(program, futex, ARCH[machine], (0, operation | flags, 1))
            assert verdict == (ALLOW if operation in simple else EACCES), operation


@MACHINES
def test_other_architectures_are_killed(machine: str) -> None:
    """A call of another architecture kills the process, whatever its number."""
    program = seccomp.assemble_filter(machine)
    others = [*OTHERS.values(), *(arch for name, arch in ARCH.items() if name != machine)]
    for arch in others:
        assert {evaluate(program, number, arch) for number in range(601)} == {KILL}


def test_x32_is_killed() -> None:
    """On x86-64 every number with the x32 bit kills the process, and so does a negative one."""
    program = seccomp.assemble_filter("x86_64")
    for number in (*range(601), 2**29, 2**30 - 1):
        assert evaluate(program, 0x40000000 + number, ARCH["x86_64"]) == KILL
    for number in (-1, -2, -(2**31), 0x7FFFFFFF, 0x80000000):
        assert evaluate(program, number, ARCH["x86_64"]) == KILL


@MACHINES
def test_no_number_beyond_the_tables(machine: str) -> None:
    """Numbers that no kernel has yet are not allowed."""
    program = seccomp.assemble_filter(machine)
    for number in (*range(601, 5000), *(2**bit for bit in range(13, 32)), 2**32 - 1):
        assert evaluate(program, number, ARCH[machine]) != ALLOW


@MACHINES
def test_every_jump_stays_inside(machine: str) -> None:
    """The kernel accepts the program: jumps go forward and stay inside, and it ends with a return."""
    code = list(struct.iter_unpack("<HBBI", seccomp.assemble_filter(machine)))
    assert code[-1][0] == 0x06
    assert len(code) < 4096
    for at, (operation, if_true, if_false, _) in enumerate(code):
        if operation in (0x15, 0x35, 0x45):
            assert at + 1 + max(if_true, if_false) < len(code)


def test_an_unknown_machine_has_no_program() -> None:
    """A machine without a table gets no filter, and therefore no sandbox."""
    with pytest.raises(KeyError):
        seccomp.assemble_filter("riscv64")
