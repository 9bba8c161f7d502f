"""What a course says.

`repository` is the course itself: its folders, its table in pyproject.toml, its secret. `assignment` is one
assignment.toml, with the `limits` of the box and the `policy` of points and lateness; `description` reads
such files. `regions` finds the answers in what an author wrote, and `inside` the tests that are judged inside.
`releases` keeps what earlier releases handed out. `libraries` knows what answers may import, and `data_sets`
which of an assignment's data sets are here. `people` says who is in it and `roles` what they may do, and `version`
tells what judges from what shows.
"""
