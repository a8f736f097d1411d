"""What runs on the other side of the wall: standard library, ctypes, numpy, and the wire format. Never a judge.

zygote      the warm process: exec'd afresh, confines itself, forks a child for each job
child       one child: the sequence of confinement, then the runner
plain       one child without a wall
probing     which parts of the wall this machine gives, found out by trying
identity, namespaces, landlock, seccomp, limits     the parts of the wall
protocol    the few bytes that both sides of the wall agree on
kernel      the system calls that they need
runner      cells and requests in, answers out; frames, outbox     how they are read, how they leave
actions     one request: call, read, parse
cells       one cell after the other, in one namespace; magics, salvage     what isn't Python, and what still is
packages    what student code can import; given     the course's own modules; absent     what stands in for the rest
plotting    matplotlib without a screen or files
surroundings, randomness     what a notebook finds around it; every source of chance, started anew
printing, remarks, blame, blanks     what was printed; what couldn't be given; which line raised; a `____` met
"""
