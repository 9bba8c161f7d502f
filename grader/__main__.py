"""``python -m grader``: the command ``numgrade``."""

from grader.tasks import main

main()
