"""A class, from its folder to its reports; where its submissions are graded; what is told meanwhile.

`run` is the way of a class in one page: `open` registers who handed in what, `pending` grades what has no result,
`retraining` trains networks again, and the reports are written. `executor` keeps a backend busy: `local` processes of
this machine or the workers of a `cluster`, where `work` is what travels. `preflight` explains an assignment that does
not load; `progress` is what a run tells.
"""
