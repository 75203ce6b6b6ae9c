"""Ids as addresses and forms hold them: texts, in which anybody may have typed anything. Pure."""

# Every number of so many digits is one that databases know; Python itself refuses to read thousands of them.
LONGEST = 18


def id_of(text: str | None) -> int:
    """The id that a text is; 0, which is no row's, for any other text."""
    return int(text) if text and len(text) <= LONGEST and text.isdecimal() else 0
