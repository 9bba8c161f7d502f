"""Small assignments of many kinds, each in a course of its own: released, handed in and graded."""
