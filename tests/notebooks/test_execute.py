"""Running notebooks in a box: what cells put out is kept, and whatever one does, the rest goes on."""

from __future__ import annotations

import base64
import json

import pytest

from grader.authoring.notebooks import student_notebook
from grader.intake.notebooks import Cell, Notebook, read_notebook
from grader.notebooks.box import aliases
from grader.notebooks.execute import CellState, NotebookLimits, Wanted, run_notebook
from grader.notebooks.merge import Merged, MergedCell, Origin, merge
from tests.notebooks.build import code


def texts(run) -> str:
    """Return all text a cell put out."""
    return "".join(
        str(output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue"))
        for output in run.outputs
    )


def test_printed_text_values_and_state_are_kept(run):
    """Cells share their names, and print, value and standard error come out in their order."""
    first, second = run("import sys\nx = 3\nprint('a')\nprint('b', file=sys.stderr)\nx", "x + 1")
    assert [output["output_type"] for output in first.outputs] == ["stream", "stream", "execute_result"]
    assert [output.get("name") for output in first.outputs] == ["stdout", "stderr", None]
    assert texts(first) == "a\nb\n3"
    assert texts(second) == "4"


@pytest.mark.parametrize(
    "setup",
    [
        "%matplotlib inline",
        "%matplotlib notebook",
        "%matplotlib widget",
        "",
        "import matplotlib\nmatplotlib.use('Agg')",
    ],
)
def test_figures_come_out_as_pictures(run, setup):
    """A figure is a PNG, whatever backend the notebook asks for or leaves out."""
    (done,) = run(f"{setup}\nimport matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.gcf()")
    pictures = [
        output["data"]["image/png"] for output in done.outputs if "image/png" in output.get("data", {})
    ]
    assert done.state is CellState.RAN, done.outputs
    assert pictures
    assert base64.b64decode(pictures[0]).startswith(b"\x89PNG")


def test_rich_displays_updates_and_clearing_are_kept(run):
    """`display` gives its kinds, an update replaces, and `clear_output` forgets."""
    (done,) = run(
        "from IPython.display import HTML, clear_output, display\n"
        "print('gone')\nclear_output(wait=True)\ndisplay(HTML('<b>x</b>'))\n"
        "handle = display('old', display_id=True)\nhandle.update('new')"
    )
    assert [output["data"].get("text/html", output["data"]["text/plain"]) for output in done.outputs] == [
        "<b>x</b>",
        "'new'",
    ]


def test_magics_of_every_day_work(run):
    """Autoreload, timing, capturing and awaiting do what they do in Jupyter."""
    done = run(
        "%load_ext autoreload\n%autoreload 2\n%aimport faulty\nfaulty.divide",
        "%%time\nx = 2",
        "%timeit -n 1 -r 1 x",
        "%%capture kept\nprint('hidden')",
        "kept.stdout",
        "import asyncio\nawait asyncio.sleep(0)\n7",
    )
    assert [each.state for each in done] == [CellState.RAN] * 6
    assert texts(done[4]) == "'hidden\\n'"
    assert texts(done[5]) == "7"


@pytest.mark.parametrize(
    "line", ["!ls", "%pip install x", "%%bash\nls", "files = !ls", "%system ls", "%sx ls"]
)
def test_shell_commands_say_that_they_are_not_run(run, line):
    """A command is answered with one plain sentence, and the rest of the cell goes on."""
    (done,) = run(f"{line}\nprint('after')" if "%%" not in line else line)
    assert done.state is CellState.RAN
    assert "Shell commands are not run where submissions are graded" in texts(done)
    assert ("after" in texts(done)) == ("%%" not in line)


def test_a_failing_cell_shows_its_steps_and_no_place_of_this_machine(run, root):
    """The traceback names the notebook and the submission's file, and the next cell runs."""
    failed, after = run("import faulty\nfaulty.divide(1)", "1")
    trace = failed.outputs[-1]["traceback"]
    assert failed.state is CellState.FAILED
    assert [line.split("\n")[0] for line in trace] == [
        "this notebook, line 2, in <module>",
        "faulty.py, line 2, in divide",
        "ZeroDivisionError: division by zero",
    ]
    assert str(root) not in json.dumps(failed.outputs)
    assert after.state is CellState.RAN


def test_warnings_do_not_name_places_of_this_machine(run, root):
    """Folders of the grading machine are taken out of what is printed."""
    (done,) = run(
        "import warnings, nndl\nprint(nndl.__path__)\nwarnings.warn_explicit('w', UserWarning, nndl.__file__, 1)"
    )
    assert str(root) not in texts(done)
    assert "UserWarning: w" in texts(done)


def test_an_endless_cell_is_interrupted_and_keeps_its_names(run):
    """A cell that runs on is stopped after its time; names made before and in it are still there."""
    limits = NotebookLimits(cell_seconds=0.5)
    stopped, after = run("x = 5\nwhile True:\n    pass", "x", limits=limits)
    assert stopped.state is CellState.STOPPED
    assert "0.5 s" in stopped.note
    assert texts(after) == "5"


def test_a_cell_that_cannot_be_interrupted_costs_its_process_only(run):
    """A fresh process runs the earlier quick cells again, unseen, and the notebook goes on."""
    limits = NotebookLimits(cell_seconds=0.5)
    hang = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    first, hung, after = run("x = 5\nprint('once')", hang, "x", limits=limits)
    assert (first.state, hung.state, after.state) == (CellState.RAN, CellState.STOPPED, CellState.RAN)
    assert (texts(first), texts(after)) == ("once\n", "5")


def test_processes_are_not_replaced_for_ever(run):
    """After so many lost processes the rest does not run, and says so."""
    done = run(*["import os\nos._exit(0)"] * 3, "1", limits=NotebookLimits(strikes=2))
    assert [each.state for each in done] == [
        CellState.STOPPED,
        CellState.STOPPED,
        CellState.NOT_RUN,
        CellState.NOT_RUN,
    ]


def test_a_used_up_notebook_leaves_the_rest(run):
    """When the notebook's time is over, the cells that are left are marked."""
    done = run("1", "2", limits=NotebookLimits(notebook_seconds=0.0))
    assert done[1].state is CellState.NOT_RUN


def test_slow_and_data_cells_are_skipped_and_what_needs_them_is_told(run):
    """Tagged cells do not run; a cell that misses a name they make waits, another missing name is a failure."""
    done = run(
        code("data = load()", "", "data"), "data", "other", code("1", "", "slow"), Cell("markdown", "text")
    )
    assert [each.state for each in done] == [
        CellState.SKIPPED,
        CellState.WAITING,
        CellState.FAILED,
        CellState.SKIPPED,
        CellState.TEXT,
    ]
    assert "'data'" in done[1].note


def test_megabytes_are_cut_with_a_note(run):
    """Of endless output the start is kept, and a note counts what is gone."""
    limits = NotebookLimits(output_characters=1000)
    for source in (
        "print('a' * 10**7)",
        "for i in range(10**5): print(i)",
        "display('é' * 10**6)",
        "[0] * 10**6",
    ):
        (done,) = run(source, limits=limits)
        assert len(texts(done)) < 3000
        assert "characters more" in texts(done)


def test_exiting_and_asking_do_not_end_the_notebook(run):
    """`exit()` is passed over and `input()` is an error."""
    done = run("exit()\nprint('still here')", "input()", "1")
    assert [each.state for each in done] == [CellState.RAN, CellState.FAILED, CellState.RAN]


def test_modules_are_found_under_their_released_names(run):
    """A submission whose files have other names can be imported as the given cells do."""
    preamble = aliases(
        {"nndl.conv_layers_new": "faulty", "lectures.layers": "faulty", "nndl.cnn": "nndl.cnn"}
    )
    done = run(
        "from nndl.conv_layers_new import divide\nfrom lectures.layers import divide\nimport nndl.cnn",
        preamble=preamble,
    )
    assert done[0].state is CellState.RAN, done[0].outputs


@pytest.mark.parametrize("name", ["CNN-BatchNorm.ipynb", "CNN.ipynb"])
def test_the_solution_runs_to_its_end(shell_box, repository, root, name):
    """Each given cell of a solved notebook that needs neither data nor minutes runs without an error."""
    source = (repository.root / "solutions" / name).read_bytes()
    merged = merge(read_notebook(student_notebook(source)), read_notebook(source))
    done = run_notebook(lambda: shell_box.worker("full"), merged, NotebookLimits(), str(root))
    assert {each.state for each in done} <= {CellState.TEXT, CellState.RAN, CellState.SKIPPED}
    assert not merged.remarks


def test_a_notebook_that_lies_about_its_outputs_gives_nothing_else(run):
    """Code that tampers with the recorder cannot bring out markup of other kinds or forged pictures."""
    (done,) = run(
        "get_ipython().recorder.outputs += [{'output_type': 'display_data', 'data': "
        "{'application/javascript': 'x', 'image/png': '\"><script>', 'text/plain': 'p'}}, {'output_type': 'x'}]"
    )
    assert done.outputs == ({"output_type": "display_data", "data": {"text/plain": "p"}, "metadata": {}},)


def test_an_empty_notebook_runs(run):
    """A notebook without cells needs no process."""
    assert run() == []
    assert isinstance(read_notebook(b""), Notebook)


def test_a_wanted_cell_is_heard_while_it_runs(shell_box, root):
    """What it prints is passed on as it comes, and is in its outputs all the same; other cells are not heard."""
    heard: list[bytes] = []
    looked = []
    cells = (
        code("print('before')"),
        code("import time\nprint('epoch 1')\ntime.sleep(0.2)\nprint('epoch 2')", "train", "slow"),
    )
    merged = Merged(tuple(MergedCell(each, Origin.GIVEN) for each in cells))
    wanted = {"train": Wanted(10.0, looked.append, heard.append)}
    done = run_notebook(lambda: shell_box.worker("full"), merged, NotebookLimits(), str(root), wanted=wanted)
    assert len(heard) > 1
    assert b"".join(heard) == b"epoch 1\nepoch 2\n"
    assert "epoch 1\nepoch 2" in texts(done[1])
    assert len(looked) == 1
