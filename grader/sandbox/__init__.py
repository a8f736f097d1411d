"""The only package that starts processes for student code.

Theory of operation

    A `Sandbox` (on the grader's side) starts a zygote: a fresh Python that has imported every module that student
    code may import, has confined itself, and holds no reference, no check and no other student's work. For each job
    the zygote forks a child and hands it two pipes which the zygote doesn't read itself; the child drops its last
    privileges and runs the cells. Values come back in the format of `core.wire.values` and are accepted only after
    validation; a missing answer is a failure of the submission. The grader's side watches each child's CPU time and
    kills it by pidfd.

    sandbox         Sandbox: takes a job, returns a JobResult; owns the zygotes of one worker
    job_runner      one job across its children: replays after a hang or crash
    budget          CPU and wall time of a whole submission
    level           the strength of the sandbox on this machine
    launcher        the protocol for starting children
    zygote_client   a zygote and its children, seen from the grader
    unsandboxed     one subprocess per job, without isolation (`none`), for systems that have nothing better
    channel         the conversation with one child: frames out, frames in, within limits
    pipes           the bytes of that conversation
    shared_buffer   answers that a child has given and not yet sent, in memory that it shares with the grader
    request_cache   encoded requests and decoded answers, reused for a whole class
    messages        encodes jobs, and validates and decodes untrusted answers
    host_info       facts about the machine, for diagnostics
    diagnostics     results of the probes, in words that an administrator can act on
    inside/         everything that runs inside the sandbox
"""
