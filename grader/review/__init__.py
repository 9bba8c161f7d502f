"""The teaching assistant's web application: the class in a browser, to look at, to judge, and to publish.

It shows what the gradebook has and enters what people decide, as `grader.gradebook.decisions`; nothing of a student is
run, fetched or trusted as markup. It needs the extra ``review``.

- `serve`: finds the class, admits those who may, answers until it is ended
- `access`: who may do what, and what of a request is believed
- `application`: what each address answers
- `class_view`: the class, kept in memory and brought up to date; `queue`: which of it is wanted, how far everybody is
- `entries`: from a form to decisions
- `pages`: what all pages have; `submission`: what stands on that of a submission
"""
