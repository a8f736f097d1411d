"""`grader user`: accounts of the portal, invitations and API tokens; and erasing a student's records."""

from datetime import UTC, datetime, timedelta
from typing import Final

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.core.text.nfc import normalize_nfc
from grader.core.text.plurals import count_noun
from grader.feedback.file_names import safe_name
from grader.services import people
from grader.store import Account, Store

DEFAULT_PORTAL_URL: Final = "http://127.0.0.1:8000"
"""The address of `grader serve` without options."""


def add_accounts(names: list[str], role: str, days: int, url: str | None, db: str) -> int:
    """Create accounts, and print for each a link for setting its password."""
    if role not in ("student", "instructor"):
        raise UsageError(f"--role {role[:40]!r} does not exist: write student or instructor")
    with Store.open(db) as store:
        for name in names:
            _print_invitation(people.invite(store, name, role, timedelta(days=days), url or DEFAULT_PORTAL_URL))
    _print_default_address(url)
    terminal.print_remark(f"each link works once, for {count_noun(days, 'day')}: send it only to its owner")
    return 0


def reset_password(name: str, days: int, url: str | None, db: str) -> int:
    """Remove a password and print a new link."""
    with Store.open_existing(db) as store:
        _print_invitation(people.invite_again(store, name, timedelta(days=days), url or DEFAULT_PORTAL_URL))
    _print_default_address(url)
    terminal.print_remark(f"{name} is signed out everywhere; the link works once")
    return 0


def run_create_token(name: str, purpose: str, days: int, db: str) -> int:
    """Create an API token for an account, and print it; it is shown only once."""
    with Store.open_existing(db) as store:
        account, token = people.create_account_token(store, name, purpose, timedelta(days=days))
    terminal.print_line(token)
    terminal.print_remark(
        f"it acts as {account.name} ({account.role}) for {count_noun(days, 'day')} and isn't shown again; "
        "a new password ends it at once"
    )
    return 0


def print_accounts(db: str, *, as_json: bool) -> int:
    """Print every account, and whether its password is set."""
    with Store.open_existing(db) as store:
        for account in store.accounts.list_all():
            if as_json:
                until = account.invited_until.isoformat() if account.invited_until else None
                active = account.password is not None
                entry = {"name": account.name, "role": account.role, "active": active, "invited_until": until}
                terminal.print_json(entry)
            else:
                terminal.print_styled((account.name, "bold"), f"  {account.role}, {_state(account)}")
    return 0


def _print_default_address(url: str | None) -> None:
    """Say where links lead whose address nobody named: the portal may listen at another port."""
    if url is None:
        terminal.print_remark(
            f"the links begin with {DEFAULT_PORTAL_URL}, where grader serve listens without options: if your portal "
            "has another address or port, put that in its place, or name it with --url"
        )


def _print_invitation(invitation: people.Invitation) -> None:
    terminal.print_styled((invitation.name, "bold"), f"  {invitation.link}")


def _state(account: Account) -> str:
    if account.password is not None:
        return "active"
    if account.invited_until is None or account.invited_until < datetime.now(UTC):
        return "invitation expired: run grader user reset"
    return f"invited until {account.invited_until:%Y-%m-%d %H:%M} UTC"


def erase_student_records(student: str, reason: str, db: str, *, sure: bool) -> int:
    """Erase all records of a student, and print how much was erased."""
    with Store.open_existing(db) as store:
        if not sure:
            count = sum(1 for _ in store.submissions(student=student))
            raise UsageError(
                f"this erases {student!r} with {count_noun(count, 'submission')}, gradings and marks permanently: "
                "add --yes to confirm"
            )
        erased = store.erase(student, reason)
    terminal.print_line(
        f"erased: {count_noun(erased.submissions, 'submission')}, {count_noun(erased.gradings, 'grading')}, "
        f"{count_noun(erased.marks, 'mark')}; "
        f"on record as student {erased.student}"
    )
    pages = safe_name(normalize_nfc(student))
    terminal.print_remark(
        f"copies of the database and tables that were made earlier still have them, and so has every folder of pages: "
        f"delete {pages}/ there, and run grader report again for its class page"
    )
    return 0
