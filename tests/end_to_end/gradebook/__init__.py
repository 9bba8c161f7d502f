"""What holds for a gradebook in a file holds on a database server."""
