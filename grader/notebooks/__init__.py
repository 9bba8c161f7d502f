"""Run notebooks as notebooks: match what came back with the release, run it in a box, say what came out.

::

    merge            whose cell is which, and the notebook to run       } pure
    box              the box, and what is prepared in it                } processes
    execute          cell by cell, and what each put out                } processes
    goals            numbers that cells must arrive at                  } pure but for a look into the box
    contradictions   stored outputs that the code does not give now     } pure
    page             the executed notebook as one HTML file             } pure
    run              all of these for one submission
    retrain          the cell that trained a network, run once more
    inside           tests that run in the process of the notebook
    test_cells       the tests of a part, compiled, and the names they use

Notebooks are read by `grader.intake.notebooks`. Given cells come from the release, answers from the student. Nothing
here earns or costs a point but goals that an assignment sets.
"""
