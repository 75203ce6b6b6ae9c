"""What the actions of people refuse."""


class Refused(Exception):
    """A rule forbids the act. The text is a sentence for whoever tried."""


class EmailTaken(Refused):
    """Another account of the space has the e-mail."""
