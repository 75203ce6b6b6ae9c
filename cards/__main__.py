"""`python -m cards`: the `cards` command, for processes that start another of their kind."""

from cards.cli import main

main()
