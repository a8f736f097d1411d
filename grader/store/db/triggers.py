"""Triggers that make records append-only: they refuse UPDATE, DELETE and TRUNCATE, on SQLite and on PostgreSQL.

The only exception is an erasure. A student is erased in one transaction: insert an open row into `erasures` (student
id, reason, start), delete results, gradings, submissions, then blobs that no submission refers to any more, then the
student, and set `finished_at`. The row remains as the record of the erasure.

Released migrations call these functions: their results for the same arguments must never change.
"""

_OPEN = "SELECT 1 FROM erasures WHERE erasures.finished_at IS NULL"


def append_only(dialect: str, table: str, owner: str = "") -> list[str]:
    """Return the statements that make a table append-only.

    `owner` is SQL for the id of the student to whom the row OLD belongs; without it no row may ever be deleted.
    """
    return _triggers(dialect, table, f"{_OPEN} AND erasures.student_id = {owner}" if owner else "")


def append_only_shared(dialect: str, table: str) -> list[str]:
    """Return the statements for rows that no single student owns: deleting needs some open erasure."""
    return _triggers(dialect, table, _OPEN)


def finished_stays(dialect: str) -> list[str]:
    """Return the statements that let an erasure be finished once, and not be changed or deleted afterwards."""
    if dialect == "sqlite":
        refusal = "BEGIN SELECT RAISE(ABORT, 'an erasure stays on record'); END"
        return [
            f"CREATE TRIGGER erasures_no_update BEFORE UPDATE ON erasures WHEN OLD.finished_at IS NOT NULL {refusal}",
            f"CREATE TRIGGER erasures_no_delete BEFORE DELETE ON erasures {refusal}",
        ]
    return [
        """CREATE FUNCTION erasures_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF OLD.finished_at IS NULL THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION 'an erasure stays on record';
        END $$""",
        *_postgresql_triggers("erasures"),
    ]


def refers(dialect: str, table: str, column: str, parent: str, key: str) -> list[str]:
    """Return the statements that require a new row's column to be a key of `parent`, where no foreign key can be added.

    That is enough where rows of `parent` are never deleted.
    """
    name = f"{table}_{column}_refers"
    missing = f"NOT EXISTS (SELECT 1 FROM {parent} WHERE {parent}.{key} = NEW.{column})"
    message = f"{column} of {table} is not among {parent}"
    if dialect == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        return [f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {missing} {refusal}"]
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {missing} THEN RAISE EXCEPTION '{message}'; END IF;
            RETURN NEW;
        END $$""",
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _triggers(dialect: str, table: str, excuse: str) -> list[str]:
    if dialect == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        unless = f"WHEN NOT EXISTS ({excuse})" if excuse else ""
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refusal}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {unless} {refusal}",
        ]
    return [
        f"""CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF {f"EXISTS ({excuse})" if excuse else "false"} THEN RETURN OLD; END IF;
            END IF;
            RAISE EXCEPTION '{table} are append-only';
        END $$""",
        *_postgresql_triggers(table),
    ]


def _postgresql_triggers(table: str) -> list[str]:
    call = f"EXECUTE FUNCTION {table}_refuse_change()"
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]
