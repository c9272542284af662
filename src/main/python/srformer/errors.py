"""What a command tells its user without a stack trace."""


class CheckpointError(ValueError):
    """A checkpoint or package is not what it has to be for what is asked; the message says what is wrong and what to do."""
