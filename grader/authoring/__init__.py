"""From one authored source to what students receive, without anything hidden in it.

=================  ==========================================================================
``release``        write the starter and the archive
``student_tree``   every file of a student package, in memory
``notebooks``      a solved notebook as the one that students receive
``colab``          the badge and the cell with which a notebook opens in Colab
``kit``            the package with which students check their work and hand it in
``git``            the content of a repository that students clone, with workflows
``check_release``  whether a starter is what its solution gives, and holds nothing hidden
``leak``           find in released files what students must not see
``secrets``        what that is, and when two pieces of code are the same
``imported``       write an assignment that was made for another grader
``from_nbgrader``  read one of nbgrader's
``from_otter``     read one of otter's, with its cells (``otter_cells``) and tests (``otter_tests``)
``new``            a small assignment to begin with
``solution_page``  the solution as one page to be read
=================  ==========================================================================
"""
