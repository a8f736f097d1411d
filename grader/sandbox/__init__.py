"""The only place that starts processes: student code runs here and nowhere else.

Theory of operation
    A `Sandbox` (grader's side) starts a zygote: a fresh Python that has imported all that student code may import,
    has confined itself, and holds no reference, no check and no one's work. For each job the zygote forks a child and
    hands it two pipes which it doesn't read itself; the child takes away its own last rights and runs the cells. Values
    come back in the format of `core.wire.values` and are believed only after validation; an answer that is missing
    is a failure of the submission. The grader's side watches each child's processor clock and kills it by pidfd.

    sandbox     Sandbox: a job in, an outcome out; the zygotes of one worker
    run         one job across the children that it takes: replays after a hang or crash
    budget      what a whole submission may use
    level       how strong the wall is here
    launcher    what starts children, as a protocol
    process     a zygote and its children, seen from here
    plain       a subprocess a job, without a wall (`none`): all that some systems have
    exchange    the conversation with one child: frames out, frames in, within limits
    pipes       the bytes of that conversation
    shelf       answers that a child has given and not sent, in memory that it shares with us
    messages    job -> message, message -> outcome: validates what strangers wrote
    machine     what the machine says of itself, for
    advice      what the probes found, in words that an administrator can act on
    inside/     everything on the other side of the wall
"""
