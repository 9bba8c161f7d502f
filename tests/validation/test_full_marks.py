"""What the checks hold against right solutions."""

from grader.validation.bank import load_variants
from grader.validation.full_marks import false_alarms


def test_right_solutions_raise_no_alarm(bench, write):
    """Variants of code and of form pass every check."""
    write("variants", "adds", '"""It adds."""\n\n\ndef double(x):\n    return x + x\n')
    write("variants", "crlf", '"""Other line ends."""\n\nFORM = "crlf"\n')
    assert false_alarms(bench, load_variants(bench.assignment.folder)) == ()


def test_an_alarm_names_variant_and_check(bench, write):
    """A check that a variant does not pass is named with its scope, also where it costs nothing."""
    write("variants", "absolute", '"""Never negative."""\n\n\ndef double(x):\n    return abs(2 * x)\n')
    (alarm,) = false_alarms(bench, load_variants(bench.assignment.folder))
    assert alarm.startswith("variant absolute: double:negative (beyond) ends failed.")
