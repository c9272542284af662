"""`python -m srformer COMMAND`: see `--help`."""

from .cli import main

main()
