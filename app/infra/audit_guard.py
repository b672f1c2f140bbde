"""The audit log is only added to: the database itself refuses to change or delete its rows (migration 0001)."""

from __future__ import annotations

_REFUSAL = "audit_entry is append-only"


def create(dialect: str) -> tuple[str, ...]:
    """The statements that set the guard up for `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb.upper()} ON audit_entry"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for verb in ("update", "delete")
        )
    function = (
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    trigger = (
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
    )
    return function, trigger


def drop(dialect: str) -> tuple[str, ...]:
    """The statements that take the guard away."""
    if dialect == "sqlite":
        return ("DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete")
    return ("DROP TRIGGER audit_entry_no_change ON audit_entry", "DROP FUNCTION audit_entry_refuse()")
