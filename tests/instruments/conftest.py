"""Settings for this folder: properties are judged by what they say, not by how long they take."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None, max_examples=60)
settings.load_profile("untimed")
