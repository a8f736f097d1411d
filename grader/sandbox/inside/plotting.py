"""matplotlib inside the sandbox: fonts in memory, nothing shown, nothing saved."""

import importlib
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.sandbox.inside.cell_notes import CellNotes


def preload_matplotlib(remarks: CellNotes) -> Mapping[str, bytes]:
    """Import matplotlib and draw once; return the files that it will read again, by path.

    Only the fonts that come with matplotlib are used: the system's fonts can't be opened later, and differ by machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MPLCONFIGDIR"] = folder  # none of the user's files is read or written
        import matplotlib.font_manager
        import matplotlib.style
    import matplotlib as mpl
    from matplotlib import font_manager

    mpl.use("Agg")
    from matplotlib import animation, cm, gridspec, patches, pyplot, ticker  # noqa: F401

    for name in ("mpl_toolkits.mplot3d", "mpl_toolkits.axes_grid1"):
        importlib.import_module(name)

    own = Path(mpl.get_data_path()) / "fonts" / "ttf"
    manager: Any = font_manager.fontManager
    manager.ttflist = [font for font in manager.ttflist if Path(font.fname).parent == own]
    manager._findfont_cached.cache_clear()
    _draw(pyplot)
    pyplot.show = lambda *_, **__: pyplot.close("all")
    _block_saving(mpl.figure.Figure, remarks)
    return {str(file): file.read_bytes() for file in sorted(own.glob("*.ttf"))}


def _draw(pyplot: Any) -> None:
    figure, axes = pyplot.subplots()
    axes.plot([0, 1], [0, 1], label="y")
    axes.set_title("é $x^2$")
    axes.legend()
    figure.tight_layout()
    figure.savefig(io.BytesIO(), format="png")
    pyplot.close("all")


def _block_saving(figure_type: Any, remarks: CellNotes) -> None:
    save = figure_type.savefig

    def savefig(self: Any, target: Any, *args: Any, **options: Any) -> None:
        if isinstance(target, str | os.PathLike):
            remarks.add(f"`{os.fspath(target)[:60]}` was not saved: pictures are not kept here.")
            return
        save(self, target, *args, **options)

    figure_type.savefig = savefig
