"""A class, from its folder to its reports, and where its submissions are graded.

`options` say which class; `unchanged` tells whether anything is to be done at all, before anything else is loaded.
`run` is the way of a class in one page. `open` finds and registers who handed in what, which `scan` reads; `pending`
grades what has no result; `retraining` trains networks again. `work` is what travels to a backend and what is
done with it there: `local` processes of this machine, or the workers of a `cluster`.
`preflight` explains an assignment that does not load, and `machine` what this computer can do. `upgrade` tells who
would move under a new engine.
"""
