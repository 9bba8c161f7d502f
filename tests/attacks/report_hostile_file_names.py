"""Hand in files whose names are markup, formulas, terminal codes and paths."""

PACK = "plain_folder"
FILES = {
    "<img src=x onerror=alert(1)>.py": "x = 1",
    "=1+1.py": "x = 1",
    "\x1b[31mhostile\x07.py": "x = 1",
    "\u202eyp.elif.py": "x = 1",
    "nndl/{{ 7 * 7 }}.py": "x = 1",
    "nndl/-rf.py": "x = 1",
    "<script>hostile<|script>.ipynb": "{}",
    "numpy.py": "x = 1",
}
FLAGGED = "shadows_library"
