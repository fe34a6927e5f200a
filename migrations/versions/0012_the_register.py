"""The register: what is known of a person and an organisation, beats, imports with their rows and what they changed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("head_hash", name=op.f("pk_import_mapping"))
    )
    op.create_table(
        "contact_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=5), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("lawful_basis", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_contact_import_actor_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_import"))
    )
    op.create_index("ix_contact_import_actor_id", "contact_import", ["actor_id"])
    op.create_index("ix_contact_import_content_hash", "contact_import", ["content_hash"])

    op.create_table(
        "import_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["contact_import.id"], name=op.f("fk_import_change_import_id_contact_import")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change"))
    )
    op.create_index("ix_import_change_import_id", "import_change", ["import_id"])
    op.create_index("ix_import_change_person_id", "import_change", ["person_id"])

    op.create_table(
        "import_row",
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["contact_import.id"], name=op.f("fk_import_row_import_id_contact_import")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_row_person_id_person")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_row"))
    )
    op.create_index("ix_import_row_person_id", "import_row", ["person_id"])

    op.create_table(
        "person_beat",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("beat", sa.String(length=60), nullable=False),
        sa.Column("import_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["contact_import.id"], name=op.f("fk_person_beat_import_id_contact_import")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_beat_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "beat", name=op.f("pk_person_beat"))
    )
    op.create_index("ix_person_beat_beat", "person_beat", ["beat"])
    op.create_index("ix_person_beat_import_id", "person_beat", ["import_id"])

    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_affiliation_import_id"), ["import_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_affiliation_import_id_contact_import"), "contact_import", ["import_id"], ["id"])

    with op.batch_alter_table("contact_address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("import_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_contact_address_import_id"), ["import_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_contact_address_import_id_contact_import"), "contact_import", ["import_id"], ["id"])

    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("actor_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_interaction_actor_id"), ["actor_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_interaction_actor_id_account"), "account", ["actor_id"], ["id"])

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("region", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("website", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reach", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("editor_in_chief", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("import_id", KEY, nullable=True))
        batch_op.alter_column("source",
               existing_type=sa.VARCHAR(length=40),
               type_=sa.String(length=120),
               existing_nullable=False)
        batch_op.create_index(batch_op.f("ix_organisation_import_id"), ["import_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_organisation_import_id_contact_import"), "contact_import", ["import_id"], ["id"])

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_latin", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("name_cyrillic", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("honorific", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("vocative", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("region", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("time_zone", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("owner_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_step", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("next_step_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("import_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("survivor_id", KEY, nullable=True))
        batch_op.alter_column("source",
               existing_type=sa.VARCHAR(length=40),
               type_=sa.String(length=120),
               existing_nullable=False)
        batch_op.create_index(batch_op.f("ix_person_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_last_contact_at"), ["last_contact_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_next_step_on"), ["next_step_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_survivor_id"), ["survivor_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_import_id_contact_import"), "contact_import", ["import_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_person_survivor_id_person"), "person", ["survivor_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_person_owner_id_account"), "account", ["owner_id"], ["id"])
    latest = "(SELECT max(interaction.at) FROM interaction WHERE interaction.person_id = person.id)"
    op.execute(f"UPDATE person SET last_contact_at = {latest}")




def downgrade() -> None:
    for table in ("person", "organisation"):
        op.execute(f"UPDATE {table} SET source = substr(source, 1, 40)")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_owner_id_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_person_survivor_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_person_import_id_contact_import"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_survivor_id"))
        batch_op.drop_index(batch_op.f("ix_person_region"))
        batch_op.drop_index(batch_op.f("ix_person_owner_id"))
        batch_op.drop_index(batch_op.f("ix_person_next_step_on"))
        batch_op.drop_index(batch_op.f("ix_person_last_contact_at"))
        batch_op.drop_index(batch_op.f("ix_person_import_id"))
        batch_op.alter_column("source",
               existing_type=sa.String(length=120),
               type_=sa.VARCHAR(length=40),
               existing_nullable=False)
        batch_op.drop_column("survivor_id")
        batch_op.drop_column("import_id")
        batch_op.drop_column("next_step_on")
        batch_op.drop_column("next_step")
        batch_op.drop_column("last_contact_at")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("noticed_at")
        batch_op.drop_column("owner_id")
        batch_op.drop_column("time_zone")
        batch_op.drop_column("region")
        batch_op.drop_column("languages")
        batch_op.drop_column("vocative")
        batch_op.drop_column("honorific")
        batch_op.drop_column("name_cyrillic")
        batch_op.drop_column("name_latin")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisation_import_id_contact_import"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_organisation_import_id"))
        batch_op.alter_column("source",
               existing_type=sa.String(length=120),
               type_=sa.VARCHAR(length=40),
               existing_nullable=False)
        batch_op.drop_column("import_id")
        batch_op.drop_column("note")
        batch_op.drop_column("editor_in_chief")
        batch_op.drop_column("reach")
        batch_op.drop_column("website")
        batch_op.drop_column("region")
        batch_op.drop_column("version")

    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_interaction_actor_id_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_interaction_actor_id"))
        batch_op.drop_column("actor_id")
        batch_op.drop_column("text")

    with op.batch_alter_table("contact_address", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_address_import_id_contact_import"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_contact_address_import_id"))
        batch_op.drop_column("import_id")
        batch_op.drop_column("label")

    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_affiliation_import_id_contact_import"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_affiliation_import_id"))
        batch_op.drop_column("import_id")

    op.drop_table("person_beat")

    op.drop_table("import_row")

    op.drop_table("import_change")

    op.drop_table("contact_import")
    op.drop_table("import_mapping")
