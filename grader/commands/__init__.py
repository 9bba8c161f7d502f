"""What the tasks do: each module reads options, calls the engine, and tells a person what came out.

==============  ===============================================
``collect``     `numgrade collect`
``grade``       `numgrade grade` and `numgrade regrade`
``decide``      `numgrade decide` and `numgrade adjust`
``review``      `numgrade review`
``replay``      `numgrade replay`
``people``      `numgrade people`
``requests``    `numgrade requests`
``forget``      `numgrade forget`
``report``      `numgrade report` and `numgrade export`
``returning``   `numgrade return`
``validate``    `numgrade validate`
``release``     `numgrade release` and `numgrade solution`
``new``         `numgrade init`, `new` and `import`
``doctor``      `numgrade doctor` and `numgrade setup`
``autograder``  what Gradescope runs
``terminal``    a console, a progress bar, the table of a class
==============  ===============================================
"""
