"""Runs the migrations on the connection that `store.db.schema` opened; its transaction contains them all or none."""

from alembic import context

from grader.store.db.base import Base
from grader.store.db.models import accounts, gradings, people, submissions  # noqa: F401  # importing them registers their tables with Base
from grader.store.db.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
