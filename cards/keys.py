"""The keys that seal this server's secrets: those of the environment, else those of a file that is its alone.

The file is made once, by whichever process needs a key first. One that others can read is refused, never mended:
what it holds may be known by now.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class KeyFileError(ImproperlyConfigured):
    """The key file is not one that may be believed, or cannot be read or made; the message says what to do."""


def keys() -> list[str]:
    """The keys, newest first; none while neither the environment nor the file has one."""
    if settings.CARDS_ENCRYPTION_KEYS:
        return list(settings.CARDS_ENCRYPTION_KEYS)
    path = Path(settings.CARDS_KEY_FILE)
    try:
        with open(path, opener=_no_link) as file:
            _check(path, os.fstat(file.fileno()))
            found = file.read().split()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from None
    if not found:
        raise KeyFileError(f"The key file {path} is empty. Put your copy of it back.")
    return found


def keys_to_seal_with() -> list[str]:
    """The keys; the first one is made, and kept in the file, when there is none yet. Many may ask at once."""
    return keys() or _made(Path(settings.CARDS_KEY_FILE))


def _made(path: Path) -> list[str]:
    try:
        # Complete before it has its name: nobody reads half a key, and whoever comes second finds the first one's.
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
                file.flush()
                os.fsync(descriptor)
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            Path(draft).unlink()
    except OSError as error:
        why = f"The key file {path} cannot be made: {error.strerror}."
        raise KeyFileError(
            f"{why} Set CARDS_KEY_FILE to a place that can be written, or CARDS_ENCRYPTION_KEYS."
        ) from None
    return keys()


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _check(path: Path, found: os.stat_result) -> None:
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        raise KeyFileError(
            f"Others than this server's user may read the key file {path} (mode {mode:04o}). Give it the mode 0600; "
            "if others may have read it, change the key (docs/operating.md)."
        )
    if found.st_uid != os.geteuid():
        raise KeyFileError(f"The key file {path} belongs to another user than this server runs as.")
