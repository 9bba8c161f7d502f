"""A class report like a real one: 40 submissions, every outcome, hostile names and notes, error maps."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from grader.checking.failures import locate_errors
from grader.course.assignment import Assignment, Layout, Part, Release
from grader.results import (
    Adjustment,
    AnswerLines,
    CheckResult,
    ClassReport,
    CodePlace,
    CodeText,
    Comment,
    ErrorMap,
    Flag,
    Outcome,
    Scope,
    SubmissionReport,
    WaitingPart,
    WorstEntry,
)

STAFF_ONLY = "staff-only-words"
"""Stands in every flag and staff note, so that a test can look for it where it must not be."""

HOSTILE = {
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)>\"'></td></table>",
    "terminal": "\x1b[2J\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x9b1m",
    "rich": "[bold red]loud[/bold red] [link=http://evil.example]x[/link] :skull:",
    "bidi": "abc\u202egnp.exe\u2066 \u200fxyz",
    "formula": '=HYPERLINK("http://evil.example";"click")',
    "wide_formula": "\uff1d1+1",
    "long": "ten thousand letters " * 500,
    "unbroken": "x" * 10_000,
    "surrogate": "half \udc80 a pair, NUL \x00, bell \x07",
    "template": "{{ 7 * 7 }} {% raw %} ${x} `code` ``",
    "path": "../../etc/passwd",
}

FAILURES = {
    "conv_backward_naive.dx": (
        "The output has the right shape, but its values are off on the outer rows and columns only.",
        "The gradient of the padded input is cropped with `pad:-pad`, which keeps nothing when `pad` is 0. "
        "Check how the border is cut away for every padding.",
    ),
    "spatial_batchnorm_forward.train": (
        "Shape `(2, 3, 4, 5)` is right. Every channel is off by up to 160 % of its scale.",
        "The array seems to be flattened to `(N*H*W, C)` without moving the channel axis to the end first.",
    ),
    "spatial_batchnorm_forward.running_mean": (
        "After one call `bn_param['running_mean']` still holds zeros.",
        "The running mean is computed but never stored in `bn_param`.",
    ),
    "ThreeLayerConvNet.grads": (
        "With `reg = 0.5` the gradient of `W2` is off; without regularisation it is right.",
        "The regularisation gradient is `W * (1 + reg)` where `reg * W` should be added.",
    ),
}

PARTS = (
    ("conv_forward_naive", 12, "Convolution, forward"),
    ("conv_backward_naive.dx", 8, "Convolution, gradient of the input"),
    ("conv_backward_naive.dw", 6, "Convolution, gradient of the filters"),
    ("conv_backward_naive.db", 4, "Convolution, gradient of the biases"),
    ("max_pool_forward_naive", 8, "Max pooling, forward"),
    ("max_pool_backward_naive", 8, "Max pooling, backward"),
    ("spatial_batchnorm_forward.train", 6, "Spatial batch normalisation, forward in train mode"),
    ("spatial_batchnorm_forward.running_mean", 2, "Spatial batch normalisation, running mean"),
    ("spatial_batchnorm_forward.running_var", 2, "Spatial batch normalisation, running variance"),
    ("spatial_batchnorm_forward.test", 4, "Spatial batch normalisation, forward in test mode"),
    ("spatial_batchnorm_backward.dx", 6, "Spatial batch normalisation, gradient of the input"),
    ("spatial_batchnorm_backward.dgamma", 3, "Spatial batch normalisation, gradient of the scale"),
    ("spatial_batchnorm_backward.dbeta", 3, "Spatial batch normalisation, gradient of the shift"),
    ("ThreeLayerConvNet.init", 4, "Three-layer network, initialisation"),
    ("ThreeLayerConvNet.init_loss", 2, "Three-layer network, loss of a fresh network"),
    ("ThreeLayerConvNet.loss", 6, "Three-layer network, loss"),
    ("ThreeLayerConvNet.grads", 8, "Three-layer network, gradients"),
    ("ThreeLayerConvNet.speed", 3, "Three-layer network, speed"),
    ("CNN.accuracy", 5, "The network you trained, on images it never saw"),
)

NAMES = [
    "ada-osei",
    "ben-lindqvist",
    "chiara-rossi",
    "dmitri-volkov",
    "emeka-obi",
    "fatima-zahra",
    "gustav-holm",
    "hana-kimura",
    "ibrahim-diallo",
    "jana-novak",
    "kofi-mensah",
    "lucia-fernandez",
    "minh-tran",
    "nora-haugen",
    "oleg-petrov",
    "priya-raman",
    "quentin-leroy",
    "rosa-delgado",
    "samir-haddad",
    "tomas-vega",
    "ulrike-brandt",
    "viktor-nagy",
    "wei-chen",
    "ximena-soto",
    "yusuf-kaya",
    "zofia-wrona",
    "anders-berg",
    "bruna-costa",
]


def cnn() -> Assignment:
    """Return an assignment with the parts of the CNN assignment; it stays when the assignment changes."""
    parts = tuple(
        Part(id=each, symbol=each.partition(".")[0], points=points, title=title)
        for each, points, title in PARTS
    )
    release = Release(answers=("nndl/conv_layers.py", "nndl/cnn.py"))
    title = "Convolutional neural networks"
    layouts = (Layout(name="release"),)
    return Assignment(id="cnn", version="1.0.0", title=title, release=release, layouts=layouts, parts=parts)


def border_map() -> ErrorMap:
    """Return a map of an error on the border of one plane of a batch of images."""
    relative = np.zeros((2, 3, 7, 5))
    relative[1, 2, [0, -1], :] = 0.4
    relative[1, 2, :, [0, -1]] = 0.02
    relative[1, 2, 0, 4] = 2.5
    found = locate_errors(relative, 1e-6, ("N", "C", "H", "W"))
    assert found is not None
    return found


def scattered_map(shape: tuple[int, ...], axes: tuple[str, ...], seed: int = 0) -> ErrorMap:
    """Return a map in which every level occurs."""
    relative = 10.0 ** np.random.default_rng(seed).uniform(-9, 1, size=shape)
    found = locate_errors(relative, 1e-6, axes)
    assert found is not None
    return found


def check(part: str, number: int, outcome: Outcome, share: float, **texts: object) -> CheckResult:
    """Return one homework check of `part` worth `share` points."""
    most = 0.0 if outcome.excused else share
    given: dict[str, object] = {
        "title": f"The result matches for stride {number + 1} and padding {number % 2}.",
        "seconds": 0.0125 * (number + 1),
    }
    return CheckResult(
        id=f"{part}::check_{number}",
        part=part,
        scope=Scope.HOMEWORK,
        outcome=outcome,
        points=most if outcome.earns else 0.0,
        max_points=most,
        **{**given, **texts},  # type: ignore[arg-type]
    )


def advice(number: int, outcome: Outcome) -> CheckResult:
    """Return one check beyond the assignment."""
    failed = outcome is not Outcome.PASSED
    return CheckResult(
        id=f"max_pool_backward_naive::beyond_{number}",
        part="max_pool_backward_naive",
        scope=Scope.BEYOND,
        outcome=outcome,
        points=0.0,
        max_points=0.0,
        title=f"Overlapping windows of {number + 2} by {number + 2} with stride 1 add up their gradients.",
        message="Entries that two windows share hold only the last window's gradient." if failed else "",
        diagnosis="The gradient is assigned to its place instead of being added there." if failed else "",
        error_map=scattered_map((2, 3, 6, 6), ("N", "C", "H", "W")) if failed else None,
    )


def full_marks(assignment: Assignment) -> list[CheckResult]:
    """Return three passed checks for every part."""
    return [
        check(part.id, number, Outcome.PASSED, part.points / 3)
        for part in assignment.parts
        for number in range(3)
    ]


def submission(name: str, checks: list[CheckResult], **fields: object) -> SubmissionReport:
    """Return a report that sums up `checks`."""
    digest = f"{sum(map(ord, name)):064x}"
    given: dict[str, object] = {"sha256": digest, "isolation": "A", "seconds": 3.25, "flags": ()}
    return SubmissionReport(
        id=name,
        score=round(sum(each.points for each in checks), 6),
        max_score=round(sum(each.max_points for each in checks), 6),
        checks=tuple(checks),
        **{**given, **fields},  # type: ignore[arg-type]
    )


def one_of_each(assignment: Assignment) -> SubmissionReport:
    """Return a submission whose checks end in every way a check can end."""
    checks = full_marks(assignment)
    for place, outcome in enumerate(Outcome):
        old = checks[3 * place]
        message, idea = FAILURES.get(old.part, ("", ""))
        failed = outcome is Outcome.FAILED
        checks[3 * place] = check(
            old.part,
            0,
            outcome,
            old.max_points,
            message=message if failed else "",
            diagnosis=idea if failed else "",
            staff_note=f"{STAFF_ONLY}: ValueError: operands could not be broadcast\n  conv_layers.py:41",
            error_map=border_map() if failed else None,
            inputs=f"conv_forward_naive(array 2x3x7x5, {STAFF_ONLY})" if failed else "",
            worst=(WorstEntry("0, 1, 6, 4", "0.25", "nan", STAFF_ONLY),) if failed else (),
        )
    checks += [advice(0, Outcome.FAILED), advice(1, Outcome.PASSED), advice(2, Outcome.PASSED)]
    flags = (
        Flag("edited_given_file", f"{STAFF_ONLY}: cs231n/fast_layers.py differs from the release."),
        Flag("tampering", f"{STAFF_ONLY}: the worker answered a call that was never made."),
    )
    given = "import numpy as np\n" + "# As it was handed out.\n" * 20
    own = "def conv_forward_naive(x, w):\n    out = np.zeros(3)\n    return 'text', out[0]\n"
    place = CodePlace("nndl/conv_layers.py", 23, "conv_forward_naive", "    out = np.zeros(3)")
    comments = (
        Comment("total", "**Well done**, and $x_1$.\n\n- one\n- two", "grace", "2026-11-20"),
        Comment("conv_forward_naive", "Which `dtype`?", "grace", "2026-11-20", place),
    )
    code = (
        CodeText(
            "nndl/conv_layers.py",
            given + own,
            given=((1, 21),),
            answers=(AnswerLines("conv_forward_naive", 22, 24),),
        ),
        CodeText("helpers.py", "@np.vectorize\nclass Mine:\n    pass  # own\n", left_out=7),
    )
    return submission("one-of-each", checks, flags=flags, code=code, comments=comments)


def typical(name: str, assignment: Assignment, seed: int) -> SubmissionReport:
    """Return a submission with a few of the common mistakes."""
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    checks = full_marks(assignment)
    for part in draw.sample(list(FAILURES), draw.choice([0, 1, 1, 2, 3])):
        message, idea = FAILURES[part]
        shape = (3, 4, 9, 8)
        for place, each in enumerate(checks):
            if each.part == part and draw.random() < 0.7:
                number = int(each.id[-1])
                figure = scattered_map(shape, ("N", "C", "H", "W"), seed) if number == 0 else None
                checks[place] = check(
                    part,
                    number,
                    Outcome.FAILED,
                    each.max_points,
                    message=message,
                    diagnosis=idea,
                    error_map=figure,
                )
    checks = _without_data(checks)
    checks += [
        advice(number, Outcome.FAILED if seed % 3 == number else Outcome.PASSED) for number in range(2)
    ]
    flags = (Flag("stray_import", f"{STAFF_ONLY}: 'turtle' is missing here"),) if seed % 7 == 0 else ()
    return submission(name, checks, flags=flags, seconds=1.5 + draw.random() * 4)


def unfinished(name: str, assignment: Assignment) -> SubmissionReport:
    """Return a submission that stopped after the forward passes."""
    checks = []
    for place, each in enumerate(full_marks(assignment)):
        outcome = Outcome.PASSED if place < 6 else Outcome.NOT_IMPLEMENTED
        if "backward" in each.part and place >= 6:
            outcome = Outcome.BLOCKED
        checks.append(check(each.part, int(each.id[-1]), outcome, each.max_points))
    return submission(name, _without_data(checks), seconds=0.9)


def hostile(kind: str, assignment: Assignment) -> SubmissionReport:
    """Return a submission with one hostile text wherever a submission's text can end up."""
    text = HOSTILE[kind]
    checks = full_marks(assignment)
    axes = ("<b>", text[:40], "H", "W")
    checks[3] = check(
        checks[3].part,
        0,
        Outcome.FAILED,
        checks[3].max_points,
        title=text,
        message=text,
        diagnosis=text,
        staff_note=f"{STAFF_ONLY} {text}",
        error_map=scattered_map((2, 2, 3, 4), axes),
        inputs=f"{STAFF_ONLY} {text}",
        worst=(WorstEntry(text, text, text, STAFF_ONLY),),
    )
    judged = [each for each in checks if each.part != "CNN.accuracy"]
    written = CodeText(
        f"{text[:200]}.py",
        f"def conv_forward_naive(x):\n    return '''{text}'''  # {text}\n\n\n" + f"# {text}\n" * 3,
        given=((1, 1),),
        answers=(AnswerLines("conv_forward_naive", 1, 2),),
    )
    place = CodePlace(written.name, 2, "conv_forward_naive", "gone")
    made = submission(
        text[:200],
        judged,
        flags=(Flag("printed_output", f"{STAFF_ONLY} {text}"), Flag("answer_elsewhere", written.name)),
        seconds=2.0,
        code=(written,),
        comments=(Comment("total", text, "grace", ""), Comment("total", text, text, text, place)),
        adjustments=(Adjustment("total", 0.0, text, "grace"),),
        waiting=(WaitingPart("CNN.accuracy", 5.0, text, text),),
    )
    return replace(made, max_score=made.max_score + 5.0)


def no_result(name: str, error: str) -> SubmissionReport:
    """Return a submission that could not be graded at all."""
    return SubmissionReport(name, "0" * 64, 0.0, 0.0, "", 0.0, error=error)


def sample_class() -> ClassReport:
    """Return 40 submissions."""
    assignment = cnn()
    submissions = [typical(name, assignment, seed) for seed, name in enumerate(NAMES[:25])]
    submissions += [
        one_of_each(assignment),
        unfinished(NAMES[25], assignment),
        submission("no-box", _without_data(full_marks(assignment)), isolation="none"),
        no_result("damaged", "damaged.zip is not a zip archive; hand it in again."),
        *(hostile(kind, assignment) for kind in HOSTILE),
    ]
    return ClassReport(1, assignment.id, assignment.version, "0.1.0", tuple(submissions))


def _without_data(checks: list[CheckResult]) -> list[CheckResult]:
    """Leave the part that needs a data set not graded."""
    message = "This machine has no CIFAR-10, so the network's accuracy was not measured."
    kept = [each for each in checks if each.part != "CNN.accuracy"]
    return [
        *kept,
        check(
            "CNN.accuracy", 0, Outcome.NOT_GRADED, 5.0, title="Accuracy on held-out images.", message=message
        ),
    ]
