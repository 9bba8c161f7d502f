"""Settings for this folder: properties are judged by what they say and never by how long they take."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
