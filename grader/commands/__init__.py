"""What the tasks do: each module reads options, calls the engine, and tells a person what came out."""
