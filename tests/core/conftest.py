"""Property tests draw the same examples on every run and are not timed, so that a red test stays red."""

from hypothesis import settings

settings.register_profile("core", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("core")
