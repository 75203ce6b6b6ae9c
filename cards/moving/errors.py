"""How a move may fail. No message holds a value of the database: it may be somebody's."""


class NotPossible(Exception):
    """The move cannot be begun; the message says why and what would help. Nothing was written."""


class NotMoved(Exception):
    """The move failed half-way or is not proven; the message says where. The former database is as it was."""
