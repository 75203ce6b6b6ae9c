"""Settings of the tests: the product's own, with what would leave this machine or slow the suite down taken away."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("CARDS_ENCRYPTION_KEYS", "2HqGgOZ0Kyh2Vb5C8pjXw0dTMpZg0hv9Gv2EXfGyBKY=")
os.environ.setdefault("CARDS_ALLOWED_LUCCA_HOSTS", "127.0.0.1,localhost")
# A test has its database for itself.
os.environ.setdefault("CARDS_BREATH_SECONDS", "0")
os.environ["CARDS_ENV_FILE"] = os.devnull

from cards.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for the tests
