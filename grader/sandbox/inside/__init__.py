"""What runs on the other side of the wall: standard library, ctypes, numpy, and the wire format. Never a judge.

zygote      the warm process: exec'd afresh, confines itself, forks a child for each job
child       one child: the sequence of confinement, then the runner
plain       one child without a wall
probing     which parts of the wall this machine gives, found out by trying
namespaces, landlock, seccomp, limits     the parts of the wall
kernel      the system calls that they need
runner      cells and requests in, answers out
actions     one request: call, read, parse
packages    what student code can import: what is preloaded, what stands in for the rest
printing, blame      what was printed; which line raised
"""
