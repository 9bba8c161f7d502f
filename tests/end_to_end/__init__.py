"""What grades whole classes, starts servers or clusters, or attacks: slower than all other tests together."""
