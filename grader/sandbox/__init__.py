"""The only place that starts processes: student code runs here and nowhere else.

Theory of operation
    A `Sandbox` (grader's side) starts a zygote: a fresh Python that has imported all that student code may import,
    has confined itself, and holds no reference, no check and no one's work. For each job the zygote forks a child and
    hands it two pipes which it doesn't read itself; the child takes away its own last rights and runs the cells. Values
    come back in the format of `grader.core.values` and are believed only after validation; an answer that is missing
    is a failure of the submission. The grader's side watches each child's processor clock and kills it by pidfd.

    sandbox     Sandbox: a job in, an outcome out; replays after a hang or crash
    level       how strong the wall is here
    process     the handles of a zygote and of a child, and the same without a wall (`none`)
    exchange    one child's pipes: frames out, frames in, within limits
    messages    job -> message, message -> outcome: validates what strangers wrote
    inside/     everything on the other side of the wall
"""
