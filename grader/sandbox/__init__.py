"""Run submissions where they can do no harm."""

from __future__ import annotations

from grader.sandbox.errors import (
    BoxFailed,
    IsolationUnavailable,
    NotTransportable,
    ProtocolViolation,
    SandboxError,
    StudentError,
    StudentImportError,
    SubmissionError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from grader.sandbox.handle import Handle
from grader.sandbox.host import Box
from grader.sandbox.isolation import Isolation
from grader.sandbox.probe import ProbeReport, choose_isolation, diagnose_isolation
from grader.sandbox.spec import BoxSpec
from grader.sandbox.worker import Worker

__all__ = [
    "Box",
    "BoxFailed",
    "BoxSpec",
    "Handle",
    "Isolation",
    "IsolationUnavailable",
    "NotTransportable",
    "ProbeReport",
    "ProtocolViolation",
    "SandboxError",
    "StudentError",
    "StudentImportError",
    "SubmissionError",
    "Worker",
    "WorkerDied",
    "WorkerOutOfMemory",
    "WorkerTimeout",
    "choose_isolation",
    "diagnose_isolation",
]
