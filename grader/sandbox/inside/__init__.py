"""Code that runs inside the sandbox: standard library, ctypes, numpy, and the wire format. It never judges.

zygote              the warm process: exec'd afresh, confines itself, forks a child for each job
child               one child: the sequence of confinement, then the runner
unsandboxed_child   one child without isolation
probes              tries which layers of the sandbox work on this machine
identity, namespaces, landlock, seccomp, limits     the layers of the sandbox
protocol            the bytes that the grader and the sandbox agree on
kernel              the system calls that the layers need
runner              one job: reads cells and requests, writes answers
message_reader, answer_writer     reading messages, and writing answers
cells               runs the cells one after the other, in one namespace
magics, partial_parse     what isn't Python, and what can be run in spite of that
packages            the modules that student code can import
course_modules, missing_modules     the course's own modules, and stand-ins for missing ones
plotting            matplotlib without a screen or files
environment         the names that a notebook expects, and its files
files/              the files of the course and those that code writes, all in memory
randomness          seeds every source of randomness
captured_output, notes, tracebacks, blanks     printed text; remarks; the line that raised; a `____` that was used
memory, warmup      preparation of the zygote, so that its children copy little memory
"""
