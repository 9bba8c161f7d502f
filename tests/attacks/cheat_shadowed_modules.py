"""Hand in modules with the names of those that the grader and its checks import."""

FLAGGED = "shadows_library"
FILES = {
    "numpy.py": "raise SystemExit('BREACH: numpy.py was imported')",
    "json.py": "raise SystemExit('BREACH: json.py was imported')",
    "sitecustomize.py": "raise SystemExit('BREACH: sitecustomize.py was imported')",
    "conftest.py": "raise SystemExit('BREACH: conftest.py was imported')",
    "pytest.py": "raise SystemExit('BREACH: pytest.py was imported')",
    "grader/__init__.py": "raise SystemExit('BREACH: the false grader was imported')",
    "cs231n/fast_layers.py": "raise SystemExit('BREACH: the false fast layers were imported')",
    "test_cheat.py": "def test_cheat():\n    raise SystemExit('BREACH: a false test was run')",
}
