"""What a worker answers, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.sandbox import (
    Box,
    Handle,
    NotTransportable,
    ProtocolViolation,
    StudentError,
    StudentImportError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from tests.sandbox.conftest import Student

Make = Callable[..., Student]


def test_call_returns_array_by_value(student: Make) -> None:
    """A call carries arrays in and the result out, exactly."""
    made = student("def double(x, k=2): return x * k")
    x = np.random.default_rng(0).normal(size=(3, 4, 5))
    assert np.array_equal(made.call("double", x), 2 * x)
    assert np.array_equal(made.call("double", x, k=3), 3 * x)


def test_tuple_comes_as_tuple_with_objects_behind_handles(student: Make) -> None:
    """Of a tuple, plain elements cross and the rest stays in the box, as handles that name the type."""
    made = student("def f(): return 1, None, 'a', 2.5, True, [1], {'a': 2}, (1, 2)")
    plain, handles = made.call("f")[:5], made.call("f")[5:]
    assert plain == (1, None, "a", 2.5, True)
    assert [handle.type_name for handle in handles] == ["list", "dict", "tuple"]
    assert [made.worker.fetch(handle) for handle in handles] == [[1], {"a": 2}, (1, 2)]


def test_numpy_scalar_comes_as_0d_array(student: Make) -> None:
    """A NumPy scalar arrives as a 0-d array of its own dtype."""
    value = student("import numpy as np\ndef f(): return np.float32(0.5)").call("f")
    assert isinstance(value, np.ndarray)
    assert (value.shape, value.dtype, float(value)) == ((), np.float32, 0.5)


def test_arguments_arrive_as_given(student: Make) -> None:
    """Scalars, containers, NumPy scalars and every layout of array arrive in the box as they are."""
    made = student(
        """
        import numpy as np
        def types(*values): return " ".join(type(value).__name__ for value in values)
        def total(values): return float(sum(v.sum() for v in values["arrays"]))
        def same(x): return x.flags["C_CONTIGUOUS"] and x.dtype.isnative and x.flags["WRITEABLE"]
        """
    )
    values = (None, True, 1, 1.5, "a", [1], (1,), {"a": 1}, np.zeros(2), np.float32(1))
    assert made.call("types", *values) == "NoneType bool int float str list tuple dict ndarray float32"
    arrays = [np.arange(6.0).reshape(2, 3).T, np.arange(4)[::-1], np.arange(3, dtype=">i4")]
    assert made.call("total", {"arrays": arrays}) == 15 + 6 + 3
    assert all(made.call("same", array) for array in arrays)


def test_each_call_gets_its_own_copies(student: Make) -> None:
    """A submission that works in place changes neither the grader's array nor the next call's."""
    made = student("def f(x):\n    x += 1\n    return x")
    x = np.zeros(3)
    assert np.array_equal(made.call("f", x), made.call("f", x))
    assert not x.any()


def test_map_calls_once_for_each_list(student: Make) -> None:
    """Many calls in few frames give the results of as many single calls, in order."""
    made = student("def f(x, k): return x * k, {'k': k}")
    calls = [[np.full(3, index), 2] for index in range(300)]
    results = made.worker.map(made.worker.resolve(made.module, "f"), calls)
    assert [float(array[0]) for array, _ in results] == [2.0 * index for index in range(300)]
    assert len({handle.id for _, handle in results}) == 300


def test_handles_are_objects_to_look_at_and_to_pass(student: Make) -> None:
    """Attributes and items of an object in the box can be read, set, listed and passed to further calls."""
    made = student(
        """
        import numpy as np
        class Net:
            def __init__(self, size): self.params = {"W": np.zeros(size), "b": 1.0}
            def loss(self): return float(self.params["W"].sum() + self.params["b"])
        def loss_of(nets): return nets["one"][0].loss()
        """
    )
    worker = made.worker
    net = made.call("Net", 3)
    params = worker.get_attribute(net, "params")
    assert worker.keys(params) == ["W", "b"]
    worker.set_item(params, "W", np.ones(3))
    assert np.array_equal(worker.get_item(params, "W"), np.ones(3))
    assert made.call("loss_of", {"one": [net]}) == 4.0
    worker.set_attribute(net, "params", worker.put({"W": np.ones(1), "b": 0.0}))
    assert worker.call(worker.get_attribute(net, "loss")) == worker.call_method(net, "loss") == 1.0


def test_item_comes_whole_or_not_at_all(student: Make) -> None:
    """An item of a mapping comes with all it holds, nothing where there is none, and an error from what is none."""
    made = student("def f(): return {'grads': {'W': [1.0]}, 1: object()}, 3.0, [object]\n")
    found, _, none = made.call("f")
    assert made.worker.get(found, "grads") == {"W": [1.0]}
    assert made.worker.get(found, "loss") is None
    assert made.worker.get(none, "loss") is None
    with pytest.raises(NotTransportable):
        made.worker.get(found, 1)


def test_released_handle_is_refused(student: Make) -> None:
    """A handle that was released cannot be used again."""
    made = student("def f(): return []")
    handle = made.call("f")
    made.worker.release(handle)
    with pytest.raises(ValueError, match="released"):
        made.worker.fetch(handle)


def test_handle_of_another_worker_is_refused(student: Make) -> None:
    """A handle belongs to the worker that gave it out."""
    first, second = student("def f(): return []"), student("def f(): return []")
    with pytest.raises(ValueError, match="another worker"):
        second.worker.fetch(first.call("f"))


@pytest.mark.parametrize("value", [object(), np.array([object()]), {(object(),): 3}, {object()}, open])
def test_unsendable_argument_is_the_callers_error(student: Make, value: object) -> None:
    """What cannot cross into the box raises TypeError before anything is sent, and the worker lives on."""
    made = student("def f(x): return 1")
    with pytest.raises(TypeError, match=r"cannot be passed into the box"):
        made.call("f", value)
    assert made.call("f", 0) == 1


def test_exception_is_told_with_its_line(student: Make) -> None:
    """A student's exception comes with type, text and the innermost line of the submission."""
    made = student("import numpy as np\ndef f(x):\n    return np.reshape(x, (7, 7))\n")
    with pytest.raises(StudentError) as caught:
        made.call("f", np.zeros(3))
    assert caught.value.type_name == "ValueError"
    assert "cannot reshape" in caught.value.text
    assert caught.value.where == f"{made.module}.py:3"


def test_not_implemented_is_told_apart(student: Make) -> None:
    """NotImplementedError keeps its name, so that an untouched stub is known."""
    with pytest.raises(StudentError) as caught:
        student("def f(): raise NotImplementedError").call("f")
    assert caught.value.type_name == "NotImplementedError"


def test_missing_name_is_an_attribute_error(student: Make) -> None:
    """Resolving what the module does not define raises StudentError of type AttributeError."""
    with pytest.raises(StudentError) as caught:
        student("").call("f")
    assert caught.value.type_name == "AttributeError"


def test_worker_lives_on_after_exceptions(student: Make) -> None:
    """After an exception, an exit or a refused result the worker answers as before."""
    made = student(
        """
        import sys
        def fail(): 1 / 0
        def leave(): sys.exit(1)
        def stop(): raise KeyboardInterrupt
        def big(): return 10 ** 5000
        def fine(): return "fine"
        """
    )
    for function, error in (("fail", StudentError), ("leave", StudentError), ("stop", StudentError)):
        with pytest.raises(error):
            made.call(function)
    with pytest.raises(NotTransportable):
        made.call("big")
    assert made.call("fine") == "fine"


def test_timeout_ends_the_worker(student: Make) -> None:
    """A call that does not end is a timeout; afterwards the worker is gone and says why."""
    made = student("def f():\n    while True: pass\ndef g(): return 1")
    before = made.worker.cpu_seconds()
    with pytest.raises(WorkerTimeout):
        made.call("f")
    assert not made.worker.alive
    with pytest.raises(WorkerDied, match="did not answer"):
        made.call("g")
    assert made.worker.cpu_seconds() > before + 0.1  # the loop's own time, of a process that is gone


def test_memory_error_is_out_of_memory(student: Make) -> None:
    """Asking for too much memory is told apart from other errors."""
    with pytest.raises(WorkerOutOfMemory):
        student("import numpy as np\ndef f(): return np.ones(10**12)").call("f")


def test_crash_and_exit_are_told(student: Make) -> None:
    """A crash is told by its signal, leaving by its status."""
    source = "import os, ctypes\ndef leave(): os._exit(7)\ndef crash(): ctypes.string_at(0)"
    with pytest.raises(WorkerDied, match="exit status 7"):
        student(source).call("leave")
    with pytest.raises(WorkerDied, match=r"[Ss]egmentation"):
        student(source).call("crash")


def test_import_error_has_line_and_hint(student: Make) -> None:
    """Python 2 in a file is an import error with its line and a hint."""
    with pytest.raises(StudentImportError) as caught:
        student("x = 1\nprint 'hello'\n")
    assert caught.value.type_name == "SyntaxError"
    assert caught.value.where.endswith(".py:2")
    assert "Python 2" in caught.value.hint


@pytest.mark.parametrize("source", ["import sys; sys.exit(0)", "raise KeyboardInterrupt", "1 / 0", "quit()"])
def test_whatever_an_import_raises_is_an_import_error(student: Make, source: str) -> None:
    """Whatever a module raises while it is imported, exits included, is an import error."""
    with pytest.raises(StudentImportError):
        student(source)


def test_unknown_module_is_an_import_error(student: Make) -> None:
    """A module the submission does not have is an import error."""
    with pytest.raises(StudentImportError, match="no_such_module"):
        student("").worker.load("no_such_module")


@pytest.mark.parametrize(
    "source",
    [
        "# caf\u00e9 \u2192\nx = 1\n".encode(),
        b"\xef\xbb\xbfx = 1\n",
        b"x = 1\r\nif x:\r\n\ty = 2\r\n",
        b"import warnings\nwarnings.warn('noise')\nx = '\\d'\n",
        b"from __future__ import print_function\nprint('x')\n",
    ],
)
def test_harmless_oddities_import(student: Make, source: bytes) -> None:
    """Byte-order marks, CRLF, tabs, accents and warnings do not stop an import."""
    assert student(source).worker.alive


def test_output_is_kept_cut_and_cleaned(student: Make) -> None:
    """What a submission prints is kept up to the limit, without control characters, past its end, too."""
    made = student(
        "import sys\nprint('\\x1b[31mred')\ndef f():\n    print('e', file=sys.stderr)\n    print('x' * 10000)"
    )
    made.call("f")
    made.worker.close()
    text = made.worker.output()
    assert text.startswith("\ufffd[31mred\ne\nxxx")
    assert len(text) == 1000


def test_same_seed_gives_same_numbers(student: Make) -> None:
    """The generators start from the seed the grader gives, so that a regrade repeats exactly."""
    source = "import numpy as np, random\ndef f(): return np.random.randn(3), random.random()"
    first, again, other = (student(source, seed=seed).call("f") for seed in (5, 5, 6))
    assert np.array_equal(first[0], again[0])
    assert first[1] == again[1]
    assert first[1] != other[1]


def test_worker_starts_afresh(student: Make, box: Box) -> None:
    """What one worker changed in its modules is not there in the next."""
    made = student(
        "import numpy as np\nstate = []\ndef f():\n    np.pad = None\n    state.append(1)\n    return len(state)"
    )
    assert (made.call("f"), made.call("f")) == (1, 2)
    with box.worker("main") as second:
        second.load(made.module)
        assert second.call(second.resolve(made.module, "f")) == 1


def test_worker_sees_only_its_own_root(box: Box) -> None:
    """A worker imports from its own root and from no other."""
    with box.worker("other") as worker:
        worker.load("other")
        assert worker.get_attribute(worker.resolve("other", "name"), "upper") is not None
    with box.worker("main") as worker, pytest.raises(StudentImportError):
        worker.load("other")


def test_interpreter_looks_ordinary(student: Make) -> None:
    """The submission sees an ordinary interpreter started in its own folder."""
    made = student(
        """
        import os, sys, __main__
        def f():
            return (sys.argv == [""], sys.path[0] == os.getcwd() == os.path.dirname(__file__),
                    __main__.__name__ == "__main__", sys.getrecursionlimit() == 1000, hash("a") == hash("a"))
        """
    )
    assert made.call("f") == (True,) * 5


def test_subclasses_arrive_plain_and_flagged(student: Make) -> None:
    """A subclass of ndarray arrives as the plain array it holds, and staff can see that it was one."""
    made = student("import numpy as np\ndef f(): return np.ma.array([1.0, 2.0], mask=[False, True])")
    value = made.call("f")
    assert type(value) is np.ndarray
    assert value.tolist() == [1.0, 2.0]
    assert any("MaskedArray" in flag for flag in made.worker.flags)


def test_handle_for_value_is_a_violation_only_the_worker_can_cause(student: Make) -> None:
    """A worker that gives a plain value where an object was asked for is taken for broken."""
    made = student(
        "import sys\nsys.modules['_numgrade_box.worker'].Session._keep = lambda self, value: 1\ndef f(): pass"
    )
    with pytest.raises(ProtocolViolation):
        made.worker.resolve(made.module, "f")


def test_cpu_clock_counts_work_not_sleep(student: Make) -> None:
    """The CPU clock read from outside moves with work and stands while the process sleeps."""
    made = student(
        "import time\ndef work():\n    for _ in range(3_000_000): pass\ndef rest(): time.sleep(0.2)"
    )
    before = made.worker.cpu_seconds()
    made.call("rest")
    rested = made.worker.cpu_seconds() - before
    made.call("work")
    assert made.worker.cpu_seconds() - before - rested > rested


def test_object_of_the_box_comes_as_handle(student: Make) -> None:
    """A class instance, a function or bytes come as handles."""
    made = student("def f(): return f, b'x', object()")
    assert all(isinstance(each, Handle) for each in made.call("f"))
