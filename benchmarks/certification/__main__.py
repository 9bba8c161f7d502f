"""Renew the certificate of the gradient instruments: `python -m benchmarks.certification`."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.certification import TRIALS_IN_FULL, certify, problems_of
from grader.gate.certificate import CERTIFICATE, Certificate, instruments_version, lines_of


def main() -> int:
    """Run all trials, print what each instrument flagged, and keep it if ours meet their bars."""
    before = instruments_version()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as executor:
        flagged = certify(executor, TRIALS_IN_FULL)
    print(*lines_of(flagged), sep="\n")
    problems = [*problems_of(flagged)]
    if instruments_version() != before:
        problems.append("the instruments were changed meanwhile")
    if problems:
        print(*problems, "the certificate stays as it was", sep="\n", file=sys.stderr)
        return 1
    CERTIFICATE.write_text(Certificate(before, flagged).as_json(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
