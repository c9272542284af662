"""What a command tells its user without a stack trace."""


class CheckpointError(ValueError):
    """A checkpoint directory is not what it has to be; the message says what is wrong and what to do."""
