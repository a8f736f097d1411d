"""Grading on many machines: the work of `grader.grading.pool`, done by the workers of a Dask cluster.

    address.py            the scheduler's address and certificates; refuses unsafe ones
    connection.py         Dask's client, with its exceptions translated
    course_archive.py     a course's reference/ folder as bytes, identified by their hash
    grading_json.py       a grading as JSON, for the transfer between machines
    cluster_messages.py   orders, tasks and results as bytes; received ones are validated as untrusted
    worker.py             the code that runs in a worker process, with its courses and warm sandboxes
    worker_states.py      the workers as the coordinator sees them: present, silent, and their tasks
    coordinator.py        sends tasks and receives results; the caller alone writes the database

Trust model. A worker runs the grader with the course's secret and its solutions, and reports the value of a submission:
a person who may start workers may award points. The scheduler forwards everything and is trusted equally. On each
worker, student code runs in the same sandbox as anywhere. The program's own data are sent as bytes of its own format
and as JSON, and are validated; results are never unpickled. Dask itself, however, pickles its own messages (the
function to call, its exceptions): anyone who can connect to the scheduler can run code in it, in every worker and in
the coordinator. Therefore TLS is required, with certificates that only the cluster's machines have; without TLS only
this machine is used.
"""
