"""/api/v1: what programs may do with the portal, by a token in place of a password.

    app.py       create_api(portal): routers by role, and every error as application/problem+json
    holder.py    who asks: the account that a token stands for
    problems.py  errors: their form, and where they come from
    shapes.py    what goes in and out, described for OpenAPI
    student.py   one's own: exercises, hand in, attempts, results
    instructor.py  everybody's: submissions, results, scores

Cookies mean nothing here, so no other site can make a browser ask in somebody's name.
"""
