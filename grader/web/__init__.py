"""The portal: students hand in on a web page and read their feedback; instructors look after the class.

    app.py           create_app(portal): middleware, error pages, and the routers of `pages/`, found by their place
    app_state.py     `Portal`: the course, the store, feedback pages and limits that all requests of a process share
    settings.py      the options of `grader serve`, frozen; `load_secret` is the key that cookies are signed with
    limits.py        the portal's limits: rates, sizes, waits
    uploads.py       a file that a student hands in: read, then recorded
    pages/           HTML, one router per module; templates/ beside it: base.html is the frame
    views/           the data that pages show, and templates rendered
    api/             /api/v1, an application of its own with tokens in place of cookies
    security/        sessions, sign-in, forged requests, limits on size and rate, headers
    processes/       the supervisor, web processes, the dispatcher that grades, background jobs
    static/          the only script and style that run

Student code never runs in a web process. Handlers are plain functions, which run in threads, because the store waits
for its database; only a handler that reads a body as it arrives is `async`. Acts that are put on record go through
`portal.store.acting_as(account.name)`. Forms carry `{{ csrf_field() }}`; htmx sends the token as a header. The moving
parts of a page are fragments, which the page also includes, so that everything works without scripts.
"""
