"""Submissions as people, machines and cheats hand them in, each with the outcomes that it must have.

An entry is (bytes of the file, outcome of each question that is not "right" or of the file).
"""

import json

from grading.conftest import HONEST, IMPORTS, PLANE, PREDICTED, QUESTIONS, ROWS, notebook


def rows(body, before=""):
    """A notebook whose answer to the second question has this body; a cell before it."""
    lines = "\n".join("    " + line for line in body.splitlines())
    return cells(f"def rows_never_read(H, R, U, P):\n{lines}", before)


def cells(cell, before=""):
    """A notebook with another cell for the second question, and a cell before it."""
    return notebook(IMPORTS, PREDICTED, *([before] if before else []), cell, PLANE)


def _edited(**changes):
    return json.dumps(json.loads(notebook(*HONEST)) | changes).encode()


def _format_3():
    cells = [{"cell_type": "code", "input": source, "language": "python", "outputs": []} for source in HONEST]
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()


def _with(cell):
    told = json.loads(notebook(*HONEST))
    told["cells"].append(cell)
    return json.dumps(told).encode()


_TEXT = notebook(IMPORTS, "name = 'José'", PREDICTED, ROWS, PLANE).decode()
_PLAIN = json.dumps(json.loads(_TEXT), ensure_ascii=False)
HONEST_BUT_ODD = {
    "with a mark of UTF-8": (_PLAIN.encode("utf-8-sig"), {}),
    "UTF-16": (_PLAIN.encode("utf-16"), {}),
    "UTF-16, big end first": (_PLAIN.encode("utf-16-be"), {}),
    "latin-1": (_PLAIN.encode("latin-1"), {}),
    "format 3": (_format_3(), {}),
    "no metadata": (_edited(metadata=None), {}),
    "another kernel": (_edited(metadata={"kernelspec": {"name": "julia-1.9", "language": "julia"}}), {}),
    "a variable called check": (notebook("check = 3\ngrade = 'x'", *HONEST, graded=QUESTIONS), {}),
    "no grade cells": (notebook(*HONEST), {}),
    "grade cells twice": (notebook(*HONEST, graded=(*QUESTIONS, *QUESTIONS)), {}),
    "a copied cell": (notebook(*HONEST, ROWS), {}),
    "a first attempt above": (notebook(IMPORTS, ROWS.replace("- read", ""), *HONEST[1:]), {}),
    "magics": (notebook("%matplotlib inline", "%timeit -n1 -r1 1", "!true", *HONEST), {}),
    "await": (notebook("import asyncio\nawait asyncio.sleep(0)", *HONEST), {}),
    "a cell that fails": (notebook("1 / 0", *HONEST), {}),
    "a cell with a typo": (notebook("def (", *HONEST), {}),
    "a cell that exits": (notebook("exit()", "import sys; sys.exit(3)", *HONEST), {}),
    "prints inside": (notebook(IMPORTS, PREDICTED, ROWS.replace("    E", "    print('é', H)\n    E"), PLANE), {}),
    "a thread that prints": (
        notebook(
            "import threading, sys, time\ndef talk():\n    while True: print('.', file=sys.stderr); time.sleep(.01)\n"
            "threading.Thread(target=talk, daemon=True).start()",
            *HONEST,
        ),
        {},
    ),
    "cells out of order": (
        notebook(IMPORTS, PREDICTED, ROWS.replace("len(", "size("), PLANE, "def size(s): return len(s)"),
        {},
    ),
    "a helper of another name": (notebook("def größe(s): return len(s)", IMPORTS, PREDICTED, ROWS.replace("len(", "größe("), PLANE), {}),
    "a helper that is replaced later": (
        notebook("def size(s): return len(s)", IMPORTS, PREDICTED, ROWS.replace("len(", "size("), PLANE, "def size(s): return 0"),
        {},
    ),
    "counts its own calls": (cells("calls = 0\n" + ROWS.replace("    E", "    global calls\n    calls += 1\n    E")), {}),
    "a class with __call__": (cells(ROWS.replace("rows_never_read(", "f(") + "\nclass A:\n    def __call__(self, *a): return f(*a)\nrows_never_read = A()"), {}),
    "numpy's numbers": (cells(ROWS.replace("return len(", "return np.int64(len(") + ")"), {}),
    "a list for a tuple": (notebook(IMPORTS, "predicted = [8, 7, 13440.0]", ROWS, PLANE), {}),
    "returns a view": (notebook(IMPORTS, PREDICTED, ROWS, PLANE.replace("return ofmap", "return ofmap[::-1][::-1]")), {}),
    "returns a read-only array": (
        notebook(IMPORTS, PREDICTED, ROWS, PLANE.replace("    return", "    ofmap.flags.writeable = False\n    return")),
        {},
    ),
    "returns lists": (notebook(IMPORTS, PREDICTED, ROWS, PLANE.replace("return ofmap", "return ofmap.tolist()")), {}),
    "one question left as it was": (
        rows('raise NotImplementedError("not attempted yet")'),
        {"rows_never_read": "not attempted"},
    ),
    "one question deleted": (notebook(IMPORTS, PREDICTED, PLANE), {"rows_never_read": "missing"}),
}  # fmt: skip

BROKEN_FILES = {
    "empty": (b"", "unreadable"),
    "not JSON": (b"<<<<<<< mine", "unreadable"),
    "half a file": (notebook(*HONEST)[:300], "unreadable"),
    "a list": (b"[]", "unreadable"),
    "a number": (b"7", "unreadable"),
    "an object without cells": (b"{}", "unreadable"),
    "cells that are text": (b'{"cells": "no"}', "unreadable"),
    "zeros": (b"\0" * 1000, "unreadable"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "unreadable"),
    "an archive": (b"PK\x03\x04" + bytes(200), "unreadable"),
    "nested too deep": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "unreadable"),
    "too large": (notebook(*HONEST, "#" * 6_000_000), "too large"),
    "too many cells": (notebook(*["1"] * 2_001), "unreadable"),
    "cut UTF-16": (b"\xff\xfe" + _PLAIN.encode("utf-16-le")[:-1], "unreadable"),
    "a number too long for Python": (b'{"cells": [' + b"9" * 5_000 + b"]}", "unreadable"),
    "another sheet's": (notebook("def gauss(*a): return a"), "wrong notebook"),
}
ODD_CELLS = {
    "a cell that is none": (_with(None), {}),
    "a cell without source": (_with({"cell_type": "code"}), {}),
    "a source that is a number": (_with({"cell_type": "code", "source": 3}), {}),
    "metadata that is a list": (_with({"cell_type": "code", "source": [], "metadata": []}), {}),
}

CHEATS = {
    "replaces grade": (rows("return 0", "import cnnhw.checks\ncnnhw.checks.grade = cnnhw.checks.check = print"), "wrong"),
    "reads the registry": (cells("from cnnhw.checks import find\nrows_never_read = find('rows_never_read').reference"), "raised"),
    "imports the answers": (cells("import importlib\nrows_never_read = importlib.import_module('lessons.03.answers').rows_never_read"), "raised"),
    "imports the grader's judge": (cells("import cnnhw_grading.judge\nrows_never_read = print"), "raised"),
    "edits the package": (rows("return 0", "import cnnhw\nopen(cnnhw.__file__, 'w').write('')"), "wrong"),
    "searches for answers": (
        rows("return 0 if not found else 1", "import glob\nfound = glob.glob('/box/**/answers0*', recursive=True) + glob.glob('/*/*/solutions')"),
        "wrong",
    ),
    "walks the collector": (
        rows("import gc\nfor f in gc.get_objects():\n    if getattr(f, '__name__', '') == 'rows_never_read' and f is not rows_never_read: return f(H, R, U, P)"),
        "wrong type",
    ),
    "walks the frames": (
        rows("import sys\nf = sys._getframe()\nwhile f:\n    for v in list(f.f_locals.values()):\n        if hasattr(v, 'reference'): return v.reference(H, R, U, P)\n    f = f.f_back\nreturn -1"),
        "wrong",
    ),
    "reads the parent's memory": (rows("import os\nreturn len(open(f'/proc/{os.getppid()}/mem', 'rb').read(1))"), "raised"),
    "changes how shapes compare": (
        rows("return 0", "from cnnhw import LayerShape\nLayerShape.__eq__ = lambda *a: True\nint.__eq__"),
        "wrong",
    ),
    "changes numpy": (
        rows("return 0", "np.array_equal = np.allclose = np.isclose = lambda *a, **k: True\nnp.testing.assert_equal = print"),
        "wrong",
    ),
    "an int that equals all": (
        cells("class A(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef rows_never_read(*a): return A(-7)"),
        "wrong type",
    ),
    "an array that equals all": (
        notebook(IMPORTS, PREDICTED, ROWS, "class A(np.ndarray):\n    def __eq__(self, o): return True\n    def __array_ufunc__(self, *a, **k): return 0\ndef convolve_plane(i, w, U): return np.zeros((1, 1)).view(A)"),
        {"convolve_plane": "wrong"},
    ),
    "a float that is no number": (rows("return float('nan')"), "wrong"),
    "infinite": (rows("return float('inf')"), "wrong"),
    "an object of its own": (cells("class A:\n    def __eq__(self, o): return True\ndef rows_never_read(*a): return A()"), "wrong type"),
    "an object that raises": (cells("class A(list):\n    def __iter__(self): raise OSError\n    def __len__(self): raise OSError\ndef rows_never_read(*a): return A([1])"), "wrong"),
    "what check shows by heart": (
        rows("return {(6, 3, 2, 0): 1, (12, 3, 4, 0): 3, (11, 5, 2, 0): 0}.get((H, R, U, P), 0)"),
        "wrong",
    ),
    "answers for another question": (cells("rows_never_read = lambda *a: (8, 7, 13440)"), "wrong"),
    "reads the environment": (rows("import os\nreturn int(os.environ['CNNHW_SEED'])"), "raised"),
    "guesses the seed": (
        rows("import numpy\nreturn int(numpy.random.default_rng([1]).integers(9))"), "wrong",
    ),
    "traces the caller": (
        rows("return 0", "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)"),
        "wrong",
    ),
    "a generator": (rows("yield 0"), "wrong type"),
    "a coroutine": (cells("async def rows_never_read(H, R, U, P): return 0"), "wrong type"),
    "a list in itself": (rows("x = []\nx.append(x)\nreturn x"), "wrong type"),
    "a huge whole number": (rows("return 10**100_000"), "wrong type"),
    "text": (rows("return '0'"), "wrong"),
    "an exception that lies": (
        cells("class E(Exception):\n    def __str__(self): raise SystemExit\ndef rows_never_read(*a): raise E"),
        "raised",
    ),
    "raises the grader's own exception": (
        cells("from cnnhw.checks.plain import Refused\ndef rows_never_read(*a): raise Refused('all is right')"), "wrong",
    ),
}  # fmt: skip

ATTACKS = {
    "kills its parent": (rows("import os\nos.kill(os.getppid(), 9)"), "killed"),
    "kills everybody": (rows("import os\nos.kill(-1, 9)"), "killed"),
    "stops itself": (rows("import os\nos.kill(os.getpid(), 19)"), "wall"),
    "a fork bomb": (
        rows("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"), {"CPU", "killed", "raised", "wall"},
    ),
    # Where pages come slowly the time of a call ends first.
    "fills the memory": (rows("x = []\nwhile True: x.append(bytearray(10**8))"), {"memory", "CPU"}),
    "asks for more memory than there is": (rows("return len(bytearray(3 * 10**9))"), "memory"),
    "many that fill the memory": (
        rows("import os, time\nfor i in range(6):\n    if os.fork() == 0:\n        x = bytearray(6 * 10**8); time.sleep(9)\ntime.sleep(99)"),
        {"memory", "CPU", "wall"},
    ),
    "fills the disk": (rows("f = open('/tmp/x', 'wb')\nwhile True: f.write(bytes(10**6)); f.flush()"), "raised"),
    "many files": (
        rows("for i in range(10**6): open(f'/tmp/{i}', 'wb').write(bytes(900_000))"), "raised",
    ),
    "prints without end": (rows("while True: print('x' * 9999)"), "output"),
    "prints to the other end": (rows("import sys\nwhile True: sys.stderr.write('x' * 9999)"), "output"),
    "opens the gradebook": (
        rows("return 0", "import glob, sqlite3\nfor p in glob.glob('/*/**/results.db') + glob.glob('/home/**/*.db', recursive=True):\n    sqlite3.connect(p).execute('delete from grade')"),
        "wrong",
    ),
    "reads other submissions": (rows("return len(open('/home/x').read())"), "raised"),
    "reads passwords": (rows("return len(open('/etc/shadow').read())"), "raised"),
    "opens the network": (rows("import socket\nsocket.create_connection(('127.0.0.1', 22))"), "raised"),
    "loads libc and traces": (
        rows("import ctypes\nif ctypes.CDLL(None).ptrace(16, 1, 0, 0) == -1: raise PermissionError"), "raised",
    ),
    "becomes root": (rows("import os\nos.setuid(0)"), "raised"),
    "a namespace of its own": (
        rows("import ctypes\nif ctypes.CDLL(None).unshare(0x10000000): raise PermissionError"), "raised",
    ),
    "lifts its limits": (
        rows("import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))"), "raised",
    ),
    "lowers its limits": (
        rows("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (0, 0))\nwhile True: pass"), {"killed", "CPU"},
    ),
    "closes everything": (rows("import os\nos.closerange(0, 300)"), {"crashed", "broke the protocol"}),
    "replaces fork": (rows("return 0", "import os\nos.fork = lambda: 0"), "wrong"),
    "leaves a server behind": (
        rows("return 0", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)"), {"wrong", "broke the protocol"},
    ),
    "overflows the stack": (rows("def f(n): return f(n)\nimport sys\nsys.setrecursionlimit(10**9)\nreturn f(1)"), {"wall", "memory", "crashed", "raised", "CPU"}),
    "breaks the memory": (rows("import ctypes\nctypes.string_at(0)"), "crashed"),
    "sleeps": (rows("import time\ntime.sleep(1000)"), "wall"),
    "ignores signals": (
        rows("import signal\nfor s in (2, 15, 24): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"), {"CPU", "killed"},
    ),
}  # fmt: skip

_PIPE = "import os, sys, struct, json\nout = int(sys.argv[3]) if len(sys.argv) > 3 else 0\n"
_SEND = (
    _PIPE
    + "def send(head, body=b''):\n    head = head if isinstance(head, bytes) else json.dumps(head).encode()\n    os.write(out, struct.pack('<II', len(head), len(body)) + head + body)"
)


def _says(message):
    """Code that writes a frame where only the box's own program writes."""
    return rows(f"send({message})\nreturn 0", _SEND)


FALSE_PROTOCOL = {
    "answers twice": (_says("{'did': 'call', 'value': ['int', '1'], 'changed': ['list']}")),
    "says that it is right": (_says("{'did': 'right'}")),
    "refuses in the grader's name": (_says("{'did': 'refuse', 'outcome': 'right', 'words': ''}")),
    "leaves too early": (_says("{'did': 'left', 'signal': ['int', '0'], 'status': ['int', '0']}")),
    "no JSON": (_says("b'{{{{'")),
    "JSON that nests": (_says("b'[' * 9999")),
    "a frame of 4 GB": (rows("os.write(out, b'\\xff' * 8)\nreturn 0", _SEND)),
    "half a frame": (rows("os.write(out, struct.pack('<II', 99, 0) + b'{')\nos._exit(0)", _SEND)),
    "an array without words": (_says("{'did': 'call', 'value': ['array', '<f8', [9]], 'changed': ['list']}")),
    "an array of objects": (_says("{'did': 'call', 'value': ['array', '|O', [1]], 'changed': ['list']}, b'12345678'")),
    "a value of no kind": (_says("{'did': 'call', 'value': ['pickle', 'x'], 'changed': ['list']}")),
    "a shape with other fields": (_says("{'did': 'call', 'value': ['value', 'LayerShape', {}], 'changed': ['list']}")),
    "writes while a cell runs": (cells("send({'did': 'run', 'error': None})\n" + ROWS, _SEND)),
}  # fmt: skip
