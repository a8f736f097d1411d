"""Many submissions on many machines: the batch of `grader.grading.pool`, done by the workers of a Dask cluster.

    address.py      where the scheduler is, and with which certificates; what is refused
    archive.py      a course's reference/ folder <-> bytes, known by their hash
    wire.py         orders, tasks and results <-> bytes; what comes back is checked as if a stranger had written it
    bench.py        what runs in a worker process: its courses, its warm sandboxes
    posts.py        the workers as the coordinator sees them: who is there, who is silent, who has what
    coordinator.py  feeds the workers and takes results; whoever called it alone writes the database

Whom is trusted. A worker runs our code with the course's secret and its solutions, and says what a submission is worth:
who may start workers may give points. The scheduler passes everything on and is trusted as much. Student code is, on
each worker, behind the same wall as anywhere. What is ours crosses as bytes of our own format and as JSON, and is
validated; no result is unpickled. Dask itself, though, pickles what it says of its own (which function to call, its
exceptions): whoever can talk to the scheduler can run code in it, in every worker and in the coordinator. Therefore
TLS with certificates that only the cluster's machines have, and without TLS nothing but this one machine.
"""
