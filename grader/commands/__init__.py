"""What the tasks do: each module reads options, calls the engine, and tells a person what came out.

==============  ===============================================
``collect``     `invoke collect`
``grade``       `invoke grade` and `invoke regrade`
``decide``      `invoke decide` and `invoke adjust`
``review``      `invoke review`
``replay``      `invoke replay`
``people``      `invoke people`
``requests``    `invoke requests`
``forget``      `invoke forget`
``report``      `invoke report` and `invoke export`
``returning``   `invoke return`
``validate``    `invoke validate`
``release``     `invoke release` and `invoke solution`
``new``         `numgrade init`, `new` and `import`
``doctor``      `invoke doctor` and `invoke setup`
``autograder``  what Gradescope runs
``terminal``    a console, a progress bar, the table of a class
==============  ===============================================
"""
