"""Grade notebooks as notebooks: read what came back, match it with the release, run it, say what came out.

::

    reading   bytes -> Notebook, whatever the bytes       } pure
    matching  whose cell is which                         }
    merged    the notebook to run                         }
    running   cell by cell in a box                       } processes
    page      the executed notebook as one HTML file      } pure

Given cells come from the release, answers from the student. Nothing here earns or costs a point.
"""
