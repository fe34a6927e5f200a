"""Imports: columns that were dropped, what marks two lines of one file as one person, and what was decided of a line."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("decision", sa.String(length=10), nullable=False, server_default=""))
    some = sa.text("key IS NOT NULL")
    op.create_index("ix_import_row_key", "import_row", ["key"], sqlite_where=some, postgresql_where=some)
    some = sa.text("verdict <> 'new' AND verdict <> ''")
    op.create_index(
        "ix_import_row_verdict", "import_row", ["import_id", "verdict", "number"], sqlite_where=some, postgresql_where=some
    )


def downgrade() -> None:
    op.drop_index("ix_import_row_verdict", table_name="import_row")
    op.drop_index("ix_import_row_key", table_name="import_row")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_column("decision")
        batch_op.drop_column("key")
    with op.batch_alter_table("contact_import", schema=None) as batch_op:
        batch_op.drop_column("dropped")
