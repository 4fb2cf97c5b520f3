"""The error of wrong use; alone here, so that a command may know it without knowing the service."""


class UsageError(Exception):
    """A command was given something it cannot work with; the message says what was expected."""
