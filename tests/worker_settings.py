"""Settings of the worker processes that tests start: the tests' own, with an app whose work can be checked."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.cards.runs.ledger"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = float(os.environ.get("LEDGER_SQLITE_TIMEOUT", "20"))
