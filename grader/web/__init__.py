"""The portal: students hand in on a web page and read their feedback; instructors look after the class.

    app.py          create_app(portal): routers by role, middleware, error pages. A new router is included there
    settings.py     what `grader serve` was told, frozen; `secret` the key that cookies are signed with
    portal.py       what all requests of a process share: course, store, feedback pages, limits. The store is reached by
                    `portal.store`, or by `portal.store.acting_as(account.name)` for acts that are put on record
    signed_in.py    who asks: the dependencies AnyAccount, AStudent and AnInstructor; whatever isn't yours is a 404
    sessions.py     the signed cookie      csrf.py  its token, asked for by every unsafe form
    passwords.py    argon2                 signing_in.py, throttle.py  how often one may try
    rendering.py    `page(request, "name.html", ...)`: a template with what all of them need
    lanes.py        how many threads of each kind, so that what is slow never keeps what is quick
    watch.py        who waits for a grading, asked of the records once for all    kept.py  what is made of all
    headers.py      what every response carries    bodies.py  how large a request may be
    pages/          HTML, one router a module: `account` (anybody), `student`, `instructor`, `health`
    api/            /api/v1, an application of its own with tokens in place of cookies: mount it in app.py
    templates/      base.html is the frame; blocks `title`, `main`. static/ is the only script and style that runs
    dispatcher.py   the process that grades what waits, with the workers of `grader grade`; turns.py  whose turn it is
    workers.py      this machine's processes, or a cluster's
    process.py      a web process     supervisor.py  starts both kinds, and again when one dies
    errands.py      what takes long and a page asked for    runner.py  does it, beside the dispatcher
    parent.py       none outlives who started it            folder.py  nor do its files

Student code never runs in a web process. Handlers are plain functions, which run in threads, since the store waits for
its database; only what reads a body as it comes is `async`. Forms carry `{{ csrf_field() }}`; htmx sends the token as
a header by itself. Parts of a page that move are fragments of their own, which the page includes as well, so that all
works without a script.
"""
