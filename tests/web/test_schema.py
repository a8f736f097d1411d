"""The API against its own description: every response is one that OpenAPI describes.

Covers `web/api/app.py`, `web/api/schemas.py` and `web/api/problems.py`.
"""

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from grader.store import Store

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("role", ["student", "instructor", None])
def test_every_answer_is_as_described(
    server: Any, store: Store, join: Any, role: str | None, pytestconfig: pytest.Config
) -> None:
    """Valid and invalid requests to every route get the described status, type, form and headers."""
    schema = schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")
    headers = {}
    if role is not None:
        account = store.accounts.find_by_name(join("fuzz", role).name)
        assert account
        headers["Authorization"] = f"Bearer {store.tokens.create(account.id, '', timedelta(days=1))}"
    examples = 200 if pytestconfig.getoption("--long") else 5
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) == 10

    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Case[Any]) -> None:
            case.headers.pop("Authorization", None)
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
