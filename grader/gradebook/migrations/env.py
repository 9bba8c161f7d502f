"""Run the migrations on the connection, and in the transaction, that `grader.gradebook.upgrade` hands over."""

from alembic import context

from grader.gradebook.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
