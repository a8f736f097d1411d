"""/api/v1: the portal for programs, with a token in place of a password.

    app.py         create_api(portal): routers by role, and every error as application/problem+json
    token_auth.py  the account that a token stands for
    problems.py    errors: their form, and where they come from
    schemas.py     requests and responses, as OpenAPI describes them
    student.py     a student's own exercises, attempts and results; handing in
    instructor.py  submissions, results and scores of the class

Cookies are ignored here, so no other site can make a browser send a request in somebody's name.
"""
