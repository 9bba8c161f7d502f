"""What a course says: its repository, each assignment, limits, policy, key and the version of what judges."""
