"""Learning platforms: how each names what it hands out, and who each of a download's submissions is from.

`platforms` lists them; a new one is a module beside `blackboard`, `brightspace`, `canvas`, `github`, `gradescope`,
`moodle` and `nbgrader`, and a line there.
`pieces` is what they have in common.
"""
