"""Runs the migrations on the connection that `grader.store.schema` opened; its transaction holds them all or none."""

from alembic import context

from grader.store import models, register  # noqa: F401  # what is imported is known to Base
from grader.store.base import Base
from grader.store.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
