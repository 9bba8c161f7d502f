"""The network's layers, losses, update rules and models, each part in a module of its own."""
