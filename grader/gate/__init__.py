"""What an assignment must pass before it is released: wrong solutions must be caught and right ones must not.

===============  ==============================================================================
``gate``         the steps, their figures and problems, and those that a course adds
``kill_matrix``  which check catches which mistake, and what nobody catches or needs
``keys``         that nothing is drawn by lot: the same points under every course key
``recognition``  whether each mistake, handed in, is named as itself, and no two are twins
``timings``      parts that judge speed: one submission, one verdict, however busy the machine is
``move_out``     tests that are judged inside, written as checks that are judged outside
``moved``        which of those judge the solution and the stubs as before, and so are written
``certificate``  what the instruments that judge gradients flag in thousands of trials
===============  ==============================================================================
"""
