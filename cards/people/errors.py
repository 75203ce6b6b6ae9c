"""What the actions of people refuse."""


class Refused(Exception):  # noqa: N818 - said as a person would
    """A rule forbids the act. The text is a sentence for whoever tried."""
