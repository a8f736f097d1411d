"""`grader db`: describe, upgrade, back up and restore the database, and print its event log."""

import json
from dataclasses import asdict
from pathlib import Path

from grader.cli import terminal
from grader.store import Event, Store, backup_database, get_revisions, restore_database
from grader.store import upgrade_database as bring_up_to_date


def print_database_info(db: str, *, as_json: bool) -> int:
    """Print the database's address, revision, row counts and size."""
    current, needed = get_revisions(db)
    if current != needed:
        terminal.print_line(
            json.dumps({"revision": current, "needs": needed}) if as_json else f"revision     {current}"
        )
        terminal.print_remark(f"older than revision {needed}: make a backup, then run grader db upgrade")
        return 0
    with Store.open_existing(db) as store:
        found = store.read_info()
    if as_json:
        terminal.print_line(json.dumps(asdict(found)))
        return 0
    for name, value in asdict(found).items():
        terminal.print_line(f"{name:<12} {value / 1e6:.1f} MB" if name == "size" else f"{name:<12} {value}")
    return 0


def upgrade_records(db: str) -> int:
    """Upgrade the database to the current revision, all or nothing."""
    before, after = bring_up_to_date(db)
    terminal.print_line(f"revision {after}, unchanged" if before == after else f"revision {before or 'none'} → {after}")
    return 0


def print_event_log(db: str, student: str | None, *, as_json: bool) -> int:
    """Print the event log: time, actor and action."""
    with Store.open_existing(db) as store:
        for event in store.history(student):
            if as_json:
                terminal.print_json(asdict(event) | {"at": event.at.isoformat()})
            else:
                terminal.print_line(_event(event))
    return 0


def _event(event: Event) -> str:
    whom = f" {event.student}:" if event.student is not None else ""
    return terminal.sanitize_line(f"{event.at:%Y-%m-%d %H:%M:%S} UTC  {event.who}  {event.what}{whom} {event.detail}")


def write_backup(db: str, to: Path) -> int:
    """Write a backup."""
    terminal.print_line(f"{to}: {backup_database(db, to) / 1e6:.1f} MB")
    return 0


def restore_backup(db: str, file: Path) -> int:
    """Create a database from a backup."""
    size = restore_database(db, file)
    terminal.print_line(f"{db}: {size / 1e6:.1f} MB")
    return 0
