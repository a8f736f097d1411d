"""`grader serve`: runs the portal, imported by name, because the command line may not import it directly."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.services.portal_options import ListenOptions, PortalStarter, ServerOptions

_PORTAL_MODULE: Final = "grader.web.serve"


def run_serve(folder: Path, db: str, listen_options: ListenOptions, server_options: ServerOptions) -> int:
    """Serve until stopped; return the exit code."""
    serve_portal: PortalStarter = import_module(_PORTAL_MODULE).serve_portal
    serve_portal(folder, db, listen_options, server_options, _announce, terminal.TerminalProgress())
    return 0


def _announce(address: str) -> None:
    """Print the address and flush: a script that started the portal waits for this line."""
    terminal.print_line(address)
    sys.stdout.flush()
