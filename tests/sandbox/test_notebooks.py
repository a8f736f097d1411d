"""Tests of ordinary notebook code: after each of these cells, the function below is still judged.

Covers `sandbox/inside/course_modules.py`, `sandbox/inside/written_modules.py` and `sandbox/inside/event_loop.py`.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from grader.core.wire.job import ActionResult, Call, CellRun, ExceptionInfo, JobResult, Read, Request, Status
from grader.core.wire.values import Value

Run = Callable[..., JobResult]

SOFTMAX = """
import numpy as np

def softmax(x):
    \"\"\"ソフトマックス関数: exp(x) / Σ exp(x)\"\"\"
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
"""
X = np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
EXPECTED = np.array([[0.09003057317038046, 0.24472847105479764, 0.6652409557748218], [1.0, 0.0, 0.0]])
HELPERS = {
    "common": "",
    "common.functions": "import numpy as np\n\ndef relu(x):\n    return np.maximum(x, 0)\n",
}
NO_FILES = "there are no files here"


def is_right(outcome: JobResult) -> bool:
    """Return whether the last answer is that of a right softmax."""
    answer = outcome.answers[-1]
    return answer.ended is Status.DONE and np.allclose(answer.results[0].value, EXPECTED)


@pytest.fixture
def judged(run: Run) -> Callable[..., CellRun]:
    """Run cells and then softmax; require that softmax is right, and return the first cell's run."""

    def judged(*cells: str, modules: Mapping[str, str] | None = None, names: tuple[str, ...] = ()) -> CellRun:
        requests = (
            Request("names", "names", tuple(map(Read, names))),
            Request("softmax", "check", (Call("softmax", (X,)),)),
        )
        outcome = run(*cells, SOFTMAX, modules=modules, requests=requests)
        assert is_right(outcome)
        assert all(returned.raised is None for returned in outcome.answers[0].results)
        return outcome.cells[0]

    return judged


Judged = Callable[..., CellRun]

CLEAN = {
    "a plot that is shown": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('é')\nplt.legend(['y'])\nplt.show()"
    ),
    "a figure of several": (
        "import numpy as np\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(1, 2, figsize=(8, 3))\n"
        "ax[0].imshow(np.eye(3), cmap='gray')\nax[1].hist([1, 2, 2])\nplt.tight_layout()\nfig.canvas.draw()\nplt.show()"
    ),
    "a surface": (
        "import matplotlib.pyplot as plt\nfrom mpl_toolkits.mplot3d import Axes3D\n"
        "ax = plt.figure().add_subplot(projection='3d')\nax.plot([1], [2], [3])\nplt.show()"
    ),
    "mathematics, styles and another font": (
        "import io\nimport matplotlib.pyplot as plt\nplt.style.use('ggplot')\n"
        "plt.rcParams['font.family'] = 'IPAexGothic'\n"
        "plt.title('$x^2$', weight='bold')\nplt.savefig(io.BytesIO())"
    ),
    "the folder above": "import sys, os\nsys.path.append(os.pardir)\nsys.path.append(os.getcwd())",
    "display": "display([1, 2])\nfrom IPython.display import display, Image",
    "the notebook server asked": "get_ipython().run_line_magic('matplotlib', 'inline')\nstr(get_ipython())",
    "await": "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 3\nassert await f() == 3",
    "a loop of its own": (
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x\nassert asyncio.run(f(1)) == 1"
    ),
    "several awaited at once": (
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x\n"
        "assert await asyncio.gather(f(1), f(2)) == [1, 2]"
    ),
    "a module written": "%%writefile helper.py\nimport numpy as np\ndef f(x):\n    return np.exp(x)",
    "a cell magic of an export": (
        "get_ipython().run_cell_magic('time', '', 'def f(x):\\n    return x\\n')\nassert f(3) == 3"
    ),
    "a line magic of an export": (
        "get_ipython().run_line_magic('time', 'x = 3')\nget_ipython().magic('timeit -n 1 x')\nassert x == 3"
    ),
    "large arrays": "import numpy as np\nprint(np.arange(10**6).reshape(1000, 1000))",
    "Japanese and French": "# 損失関数\n損失 = 'entropie croisée'\nprint(f'{損失!r} : élevée')",
    "the main guard": "if __name__ == '__main__':\n    print('started')",
    "annotations from the future": "from __future__ import annotations\ndef f(x: 'Foo') -> Bar: return x",
    "data classes": (
        "from dataclasses import dataclass, field\nfrom typing import Optional\n@dataclass\nclass A:\n"
        "    x: Optional[int] = None\n    y: list[int] = field(default_factory=list)\nprint(A(1))"
    ),
    "text that looks like magics": (
        "s = '''\n%matplotlib inline\n!pip install x\n%d apples\n'''\nassert '!pip' in s and '%d' in s"
    ),
    "nested functions and recursion": (
        "def outer(n):\n    def inner(k): return 1 if k < 2 else k * inner(k - 1)\n    return inner(n)\n"
        "assert outer(5) == 120"
    ),
    "decorators and classes": (
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def g(*a): return f(*a) * 2\n    return g\n"
        "class Layer:\n    @twice\n    def forward(self, x): return x\n    @property\n    def w(self): return self._w\n"
        "    @staticmethod\n    def make(): return Layer()\nassert Layer.make().forward(2) == 4"
    ),
    "asynchronous functions": "async def fetch():\n    return 1",
    "star imports": "from math import *\nfrom numpy import *\nassert pi > 3",
    "del and global": "n = 0\ndef count():\n    global n\n    n += 1\ncount()\ndel count\nassert n == 1",
    "errors raised by numpy": "import numpy as np\nnp.seterr(all='raise')",
    "print options": "import numpy as np\nnp.set_printoptions(precision=2, suppress=True)\nprint(np.pi)",
    "standard output wrapped": (
        "import sys, io\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\nprint('é')"
    ),
    "the same function twice": "def softmax(x):\n    return None",
    "nothing": "",
    "only a comment": "# ここにコードを書く",
    "a module of the course's under its short name": "import functions\nassert functions.relu(-1) == 0",
    "everything of the course's": "from common.functions import *\nassert relu(-1) == 0",
    "the course's helpers": (
        "import sys, os\nsys.path.append(os.pardir)\nfrom common import functions\nassert functions.relu(2) == 2"
    ),
    "a package that may be missing": (
        "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\nassert np.__name__ == 'numpy'"
    ),
    "Colab, if it is": (
        "try:\n    import google.colab\n    there = True\nexcept ImportError:\n    there = False\nassert not there"
    ),
    "time measured": "%%time\ntotal = sum(range(10))",
    "a timed line": "%time total = sum(range(10))\nassert total == 45",
    "help": "import numpy as np\nnp.exp?\n?np.log",
    "a random walk": "import random, numpy as np\nrandom.seed(0)\nnp.random.seed(0)\nnp.random.default_rng().normal()",
    "arguments of a command": "import argparse\nargparse.ArgumentParser().parse_args()",
    "warnings off": "import warnings\nwarnings.filterwarnings('ignore')",
}


@pytest.mark.parametrize("cell", CLEAN.values(), ids=CLEAN.keys())
def test_it_runs_without_a_remark(judged: Judged, cell: str) -> None:
    """The cell runs to its end, without an exception and without a remark."""
    ran = judged(cell, modules=HELPERS)
    assert (ran.ended, ran.raised, ran.remarks) == (Status.DONE, None, ())


REMARKED = {
    "an inline magic": ("%matplotlib inline", "`%matplotlib inline` was not run"),
    "a package to install": ("!pip install numpy\n%load_ext autoreload", "`!pip install numpy` was not run"),
    "a magic in a block": ("for i in range(2):\n    !echo hi", "`!echo hi` was not run"),
    "a shell cell": ("%%bash\nls -l | grep 'it's", "`%%bash` was not run"),
    "a list of files": ("files = !ls *.csv\nassert files == []", "`files = !ls *.csv` was not run"),
    "a magic beside a text with one": (
        "%matplotlib inline\ns = '''\n%d\n'''\nassert s == '\\n%d\\n'",
        "`%matplotlib inline`",
    ),
    "Colab's drive": ("from google.colab import drive\ndrive.mount('/content/drive')", "This is not Google Colab"),
    "Colab's upload": ("from google.colab import files\nfor name in files.upload(): print(name)", "not Google Colab"),
    "another folder": ("import os\nos.chdir('/content/drive/My Drive')\nos.makedirs('out')", "`os.chdir` did nothing"),
    "a plot saved": ("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('x.png')", "`x.png` was not saved"),
    "pandas": ("import pandas as pd", "`pandas` is not available here"),
    "seaborn": (
        "import seaborn as sns\nimport matplotlib.pyplot as plt\nplt.show()",
        "`seaborn` is not available here",
    ),
    "a part of scipy": ("from scipy.stats import norm", "`scipy` is not available here"),
    "torch in annotations": ("import torch\ndef f(x: torch.Tensor | None = None) -> torch.Tensor: pass", "`torch` is"),
    "its version": ("import tensorflow as tf\nprint(tf.__version__)", "`tensorflow` is not available here"),
    "input": ("name = input('なまえ: ')\nassert name == ''", "`input()` returns an empty string here"),
    "a name that the course doesn't give": ("from common.functions import softmax, relu", "has no `softmax`"),
    "a helper that the course doesn't give": (
        "from common.layers import Relu",
        "`common.layers` is not available here",
    ),
}


@pytest.mark.parametrize(("cell", "remark"), REMARKED.values(), ids=REMARKED.keys())
def test_an_unavailable_feature_gives_a_remark(judged: Judged, cell: str, remark: str) -> None:
    """The cell runs to its end, with a remark about the part that was not done."""
    ran = judged(cell + "\nafter = 1", modules=HELPERS, names=() if cell.startswith("%%") else ("after",))
    assert (ran.ended, ran.raised) == (Status.DONE, None)
    assert any(remark in said for said in ran.remarks), ran.remarks


RAISING = {
    "pandas used": (
        "import pandas as pd\ndf = pd.read_csv('x')",
        "ModuleNotFoundError",
        "pandas.read_csv is not available here",
    ),
    "torch used": ("import torch\nx = 1 + torch.pi", "ModuleNotFoundError", "torch.pi is not available here"),
    "a class of torch": (
        "import torch.nn as nn\nclass Net(nn.Module): pass",
        "ModuleNotFoundError",
        "torch.nn.Module is not",
    ),
    "a helper used that isn't given": (
        "from common import functions\nfunctions.softmax(1)",
        "ModuleNotFoundError",
        "softmax is not",
    ),
    "a file to read": ("x = 1\nopen('data.csv')", "FileNotFoundError", NO_FILES),
    "an array to load": ("import numpy as np\nnp.load('x.npy')", "FileNotFoundError", NO_FILES),
    "a path to read": ("from pathlib import Path\nPath('x').read_text()", "FileNotFoundError", NO_FILES),
    "a file in no folder": ("x = 1\nopen('..', 'w')", "FileNotFoundError", "leads out of"),
    "another program": ("import subprocess\nsubprocess.run(['ls'])", "PermissionError", "Permission denied"),
    "a number from nobody": ("x = 1\nn = int(input())", "ValueError", "invalid literal"),
    "a removed name": ("import numpy as np\nx = np.int(3)", "AttributeError", "module 'numpy' has no attribute 'int'"),
    "a misspelt name": ("import numpy as np\nx = np.arrange(3)", "AttributeError", "has no attribute 'arrange'"),
    "a misspelt import": (
        "x = 1\nfrom numpy import arrange",
        "ImportError",
        "cannot import name 'arrange' from 'numpy'",
    ),
    "a relative import": ("x = 1\nfrom . import functions", "ImportError", "relative import"),
    "no Python": ("x = 1\ndef f(x) return x", "SyntaxError", "expected ':'"),
    "spaces that don't fit": ("x = 1\n  y = 2", "IndentationError", "unexpected indent"),
    "leaving": ("x = 1\nexit()", "SystemExit", ""),
}


@pytest.mark.parametrize(("cell", "kind", "message"), RAISING.values(), ids=RAISING.keys())
def test_a_failure_is_reported_at_its_line(judged: Judged, cell: str, kind: str, message: str) -> None:
    """The second line raises a clear error, and the cells below run."""
    raised = judged(cell, modules=HELPERS).raised
    assert raised
    assert (raised.type, raised.line, raised.text) == (kind, 2, cell.split("\n")[1])
    assert message in raised.message
    assert "/" not in raised.message.replace("https://", "").split("(")[-1], "no path of this machine"


def returned(outcome: JobResult) -> ActionResult:
    """Return the only result of the last request."""
    return outcome.answers[-1].results[0]


def test_helper_source_is_not_readable(run: Run) -> None:
    """Neither `inspect` nor a traceback shows the source of the course's helper module."""
    cell = (
        "import inspect, linecache, traceback\nfrom common import functions\nfound = []\n"
        "try:\n    found.append(inspect.getsource(functions.relu))\nexcept OSError:\n    pass\n"
        "try:\n    functions.relu('a')\nexcept Exception:\n    found.append(traceback.format_exc())\n"
        "found.append(''.join(linecache.getlines(functions.relu.__code__.co_filename)))\nfound = repr(found)"
    )
    outcome = run(cell, modules=HELPERS, requests=(Request("q", "c", (Read("found"),)),))
    assert outcome.cells[0].raised is None
    assert "np.maximum(x, 0)" not in str(returned(outcome).value)


def test_a_failing_helper_gives_a_remark(run: Run) -> None:
    """A helper module that can't be run gives a remark, and affects only the code that uses it."""
    outcome = run("import common.bad\nx = 1", modules={"common": "", "common.bad": "1 / 0"}, requests=(READ_X,))
    assert returned(outcome) == ActionResult(1)
    assert "`common.bad`, which the course provides, could not be loaded" in outcome.cells[0].remarks[0]


READ_X = Request("q", "c", (Read("x"),))


def test_a_global_network_is_found(run: Run, call: Callable[..., Request]) -> None:
    """A function that reads a global set by a later cell gets the global's final value."""
    cells = ("def backward(x):\n    return x * network['W']", "network = {'W': 2}", "network = {'W': 3}")
    assert returned(run(*cells, requests=(call("backward", 2),))).value == 6


def test_the_last_definition_counts(run: Run, call: Callable[..., Request]) -> None:
    """The last definition of a function counts."""
    assert returned(run("def f(): return 1", "def f(): return 2", requests=(call("f"),))).value == 2


def test_seterr_in_a_cell_has_no_effect(run: Run, call: Callable[..., Request]) -> None:
    """A right sigmoid that overflows passes with a warning, even if a cell has made numpy raise."""
    cell = "import numpy as np\nnp.seterr(all='raise')\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))"
    answer = run(cell, requests=(call("sigmoid", np.array([-1000.0])),)).answers[0]
    assert answer.results[0].value.tolist() == [0.0]
    assert answer.warnings == ("overflow encountered in exp",)


def test_an_underflow_gives_no_warning(run: Run, call: Callable[..., Request]) -> None:
    """A power too small for a float is 0 without a warning, as in numpy by default."""
    answer = run("import numpy as np\ndef f(x): return np.exp(x)", requests=(call("f", -1000.0),)).answers[0]
    assert (answer.results[0].value, answer.warnings) == (0.0, ())


def test_warnings_as_errors_have_no_effect(run: Run, call: Callable[..., Request]) -> None:
    """A right sigmoid passes even if a cell turns warnings into errors."""
    cell = "import warnings\nimport numpy as np\nwarnings.simplefilter('error')\ndef f(x): return np.exp(x)"
    answer = run(cell, requests=(call("f", 1000.0),)).answers[0]
    assert (answer.results[0].raised, answer.warnings) == (None, ("overflow encountered in exp",))


def test_a_future_import_reaches_later_cells(run: Run, call: Callable[..., Request]) -> None:
    """`from __future__ import annotations` applies to the cells below, as in Jupyter."""
    assert (
        returned(run("from __future__ import annotations", "def f(x: Foo): return x", requests=(call("f", 1),))).value
        == 1
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 0, 1, 2)], ids=["as given", "moved", "copied"])
def test_cells_moved_and_copied(run: Run, call: Callable[..., Request], order: tuple[int, ...]) -> None:
    """Cells that hold whole functions may stand in any order, and twice."""
    cells = ("import numpy as np", "def exp(x):\n    return np.exp(x)", "def f(x):\n    return exp(x)")
    assert returned(run(*(cells[i] for i in order), requests=(call("f", 0.0),))).value == 1.0


def test_a_script_continues_after_errors(run: Run, call: Callable[..., Request]) -> None:
    """Neither a failing statement nor one that isn't Python affects a script's functions around it."""
    script = (
        "from __future__ import annotations\nimport numpy as np\n\ndef first(x: Foo):\n    return x\n\n"
        "1 / 0\n\ndef broken(x) return x\n\n"
        "@staticmethod\ndef second(x):\n    '''A text\nthat begins in column 0.\n'''\n"
        "    return x + 1\n\nif True:\n    third = lambda: 3\nelse:\n    third = None\n\nprint((1, 2)\n\n"
        "def fourth():\n    return undefined\n"
    )
    requests = (call("first", 1), call("second", 1), call("third"), call("fourth"), call("broken", 1))
    outcome = run(script, statement_by_statement=True, requests=requests)
    values = [answer.results[0].value for answer in outcome.answers]
    assert values[:3] == [1, 2, 3]
    fourth = outcome.answers[3].results[0].raised
    assert isinstance(fourth, ExceptionInfo)
    assert (fourth.type, fourth.line, fourth.text.strip()) == ("NameError", 26, "return undefined")
    error = outcome.cells[0].raised
    assert error
    assert error.type == "SyntaxError"
    assert error.line in (9, 23)  # which of the two is reported depends on Python's version


def test_a_script_may_have_magics(run: Run) -> None:
    """An exported notebook keeps its `get_ipython()` calls and its shell lines."""
    script = "get_ipython().system('pip install x')\n!pip install y\n%matplotlib inline\nx = 1\n"
    outcome = run(script, statement_by_statement=True, requests=(READ_X,))
    assert outcome.cells[0].raised is None
    assert returned(outcome).value == 1


def test_a_notebooks_cell_stops_where_it_raises(run: Run) -> None:
    """As in Jupyter, lines below a failing one in the same cell don't run; the next cell does."""
    outcome = run("1 / 0\nx = 1", "y = 2", requests=(Request("q", "c", (Read("x"), Read("y"))),))
    x, y = outcome.answers[0].results
    assert x.raised
    assert y == ActionResult(2)


VALUES: dict[str, tuple[str, Value]] = {
    "a generator": ("(i * i for i in range(3))", [0, 1, 4]),
    "an endless one, up to a bound": ("__import__('itertools').count() and (i for i in iter(int, 1))", [0] * 10_000),
    "a range": ("range(3)", [0, 1, 2]),
    "a map": ("map(abs, [-1])", [1]),
}


@pytest.mark.parametrize(("expression", "expected"), VALUES.values(), ids=VALUES.keys())
def test_generators_are_drained(run: Run, call: Callable[..., Request], expression: str, expected: Value) -> None:
    """The items that a function yields are taken as a list, up to a limit."""
    assert returned(run(f"def f():\n    return {expression}", requests=(call("f"),))).value == expected


def test_a_written_module_is_imported(run: Run) -> None:
    """Modules and packages that cells wrote can be imported, and appended to; the line of an error in one is known."""
    cells = (
        "%%writefile helper.py\ndef f(x):\n    return 2 * x\n",
        "%%file -a helper.py\ndef g(x):\n    return x / 0\n",
        "%%writefile 'tools/more.py'\nfrom helper import f\nh = f\n",
        "from helper import f\nimport tools.more\ny = f(3) + tools.more.h(1)",
        "import helper\nhelper.g(1)",
    )
    outcome = run(*cells, requests=(Request("y", "y", (Read("y"),)),))
    assert outcome.answers[0].results[0].value == 8
    assert [cell.raised for cell in outcome.cells[:4]] == [None] * 4
    raised = outcome.cells[4].raised
    assert raised
    assert (raised.type, raised.line, raised.text, raised.cell) == (
        "ZeroDivisionError",
        4,
        "    return x / 0",
        "helper.py",
    )


def test_an_await_without_an_end(run: Run) -> None:
    """A cell that awaits what nothing will ever do raises, and the next cell runs."""
    outcome = run("import asyncio\nawait asyncio.Event().wait()", "x = 1", requests=(Request("x", "x", (Read("x"),)),))
    assert outcome.cells[0].raised
    assert "never end" in outcome.cells[0].raised.message
    assert outcome.answers[0].results[0].value == 1
