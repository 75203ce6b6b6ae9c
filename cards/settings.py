"""Settings, read from the environment (docs/operating.md lists every variable)."""

from pathlib import Path
from typing import TextIO, cast

import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cards import traces
from cards.environment import Environment, read_file

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.escape_proxy = True
read_file(unless_named=BASE_DIR / ".env")

# Django's debug pages and checks, for developers only; never in production.
DEBUG = env.bool("DEBUG", default=False)
# Signs sessions and mailed links; the same for every process (`cards make_key --signing` prints one).
SECRET_KEY = env.str("SECRET_KEY", default="")
# The hosts under which the spaces answer, comma-separated.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
# Behind a proxy that changes the scheme: the addresses that forms come from, with https://, comma-separated.
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Keys that encrypt the secrets at rest, newest first, comma-separated (Fernet keys; `cards make_key` prints one).
CARDS_ENCRYPTION_KEYS = env.list("CARDS_ENCRYPTION_KEYS", default=[])
# Where that key is kept when CARDS_ENCRYPTION_KEYS is empty; made at the first start, mode 0600.
CARDS_KEY_FILE = env.str("CARDS_KEY_FILE", default=str(BASE_DIR / "encryption.key"))
# Besides Lucca's own hosts: `host:port`, comma-separated; plain http is accepted for loopback ones only.
CARDS_ALLOWED_LUCCA_HOSTS = env.list("CARDS_ALLOWED_LUCCA_HOSTS", default=[])
# How many of Lucca's 50 calls a minute Cards uses for one host; the rest is for the customer's other tools.
CARDS_CALLS_PER_MINUTE = env.int("CARDS_CALLS_PER_MINUTE", default=40)
# Where Lucca's own screens show a collaborator's file; Lucca does not document it, so it can be changed.
CARDS_LUCCA_FILE_PATH = env.str("CARDS_LUCCA_FILE_PATH", default="/collaborators/{id}")
# How long the invitations of an import wait, so that somebody may still say no (0 to 86400).
CARDS_MAIL_HOLD_SECONDS = env.int("CARDS_MAIL_HOLD_SECONDS", default=120)
# How long a worker that says nothing keeps its run; longer than any call to Lucca may last.
CARDS_LEASE_SECONDS = env.float("CARDS_LEASE_SECONDS", default=60)
# On SQLite, how long a worker leaves others the database between two batches; 0 where nobody else writes.
CARDS_BREATH_SECONDS = env.float("CARDS_BREATH_SECONDS", default=0.03)
# How long a worker stays with one run before others have their turn.
CARDS_SLICE_SECONDS = env.float("CARDS_SLICE_SECONDS", default=4)
# For how many months ended runs with their reports, mails and the audit log are kept; 0 keeps them for ever.
CARDS_KEEP_RUNS_MONTHS = env.int("CARDS_KEEP_RUNS_MONTHS", default=24)
CARDS_KEEP_MAILS_MONTHS = env.int("CARDS_KEEP_MAILS_MONTHS", default=6)
CARDS_KEEP_AUDIT_MONTHS = env.int("CARDS_KEEP_AUDIT_MONTHS", default=36)
# Identity providers on inside addresses: `host` or `host:port`, comma-separated; plain http for loopback ones only.
CARDS_ALLOWED_SSO_HOSTS = env.list("CARDS_ALLOWED_SSO_HOSTS", default=[])
# How links in mails begin; {host} is the space's own.
CARDS_PUBLIC_URL = env.str("CARDS_PUBLIC_URL", default="https://{host}")
# Whether operators must have a second factor: until it is set up they see nothing else.
CARDS_OPERATORS_NEED_SECOND_FACTOR = env.bool("CARDS_OPERATORS_NEED_SECOND_FACTOR", default=False)
# Where “Contact us” leads on an integration that is not activated.
CARDS_CONTACT_URL = env.str("CARDS_CONTACT_URL", default="https://www.cards-microlearning.com/contact")

INSTALLED_APPS = [
    "cards.ui",
    "cards.spaces",
    "cards.audit",
    "cards.identity",
    "cards.people",
    "cards.sso",
    "cards.runs",
    "cards.trainings",
    "cards.statistics",
    "cards.guide",
    "cards.integrations.catalogue",
    "cards.integrations.lucca",
    "cards.privacy",
    "cards.moving",
    "cards.health",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    # Above whatever may answer by itself, so that every answer has their headers.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cards.health.middleware.answer_health",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cards.audit.origin.address_of_request",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cards.spaces.middleware.space_of_request",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cards.people.middleware.user_of_space",
    "cards.identity.sessions.note_session",
    "cards.people.language.language_of_request",
    "cards.spaces.middleware.without_null_characters",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cards.people.middleware.second_factor_demanded",
    "allauth.account.middleware.AccountMiddleware",
    "cards.ui.errors.page_for_what_opens_none",
]

ROOT_URLCONF = "cards.urls"
WSGI_APPLICATION = "cards.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["cards.ui.dates"],
        },
    },
]

# sqlite:///path or postgres://user:password@host:port/name
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'cards.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction takes the write lock at its start, so it never has to be refused half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # 16 MB of pages in memory and as many in the log: an import adds to indexes all over the file.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
        " PRAGMA wal_autocheckpoint=4000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A worker that froze in mid-transaction must not hold its rows for ever.
    idle = int(CARDS_LEASE_SECONDS * 1000)
    # Compiling takes PostgreSQL 50 to 700 ms, running our queries 5 to 50 (docs/decisions/search-without-an-index.md).
    # What we look up is in memory or on a disk without a moving arm: 4, its default, has it read whole tables instead.
    DATABASES["default"]["OPTIONS"] = {
        "options": f"-c idle_in_transaction_session_timeout={idle} -c jit=off -c random_page_cost=1.1",
        # A database server that is cut off is noticed after half a minute instead of two hours.
        "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000,
    }  # fmt: skip
# What all web processes count together, on as many machines as there are: a table, and nothing more to host.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_count",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A Redis as the queue instead of the database: redis://host:port/0 or unix:///path (needs `django-tasks-rq`).
CARDS_QUEUE_URL = env.str("CARDS_QUEUE_URL", default="")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
if CARDS_QUEUE_URL:
    TASKS = {"default": {"BACKEND": "cards.runs.redis_queue.CommittedBackend"}}
    RQ_QUEUES = {"default": {"URL": CARDS_QUEUE_URL, "SERIALIZER": "rq.serializers.JSONSerializer"}}

# One event a line, on stderr: what commands print on stdout is for programs.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    logger_factory=lambda *_: structlog.PrintLogger(cast("TextIO", traces.stderr)),
)
# The queues would print what a failed task's error says, over many lines.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"task_failed": {"class": "cards.traces.TaskFailed", "level": "ERROR"}},
    "loggers": {name: {"handlers": ["task_failed"], "propagate": False} for name in ("django_tasks", "rq")},
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["cards.people.backend.PasswordBackend", "cards.people.backend.SsoBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
# How many days a mailed link to choose a password is good for.
PASSWORD_RESET_TIMEOUT = env.int("CARDS_LINK_DAYS", default=7) * 86_400
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Accounts belong to a space: one e-mail may be two accounts, so the unique sign-in name is `login_key`.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_key"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "cards.people.adapter.Adapter"
SOCIALACCOUNT_ADAPTER = "cards.sso.adapter.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# "key" is an address and an account together (Adapter), so nobody can lock out somebody else. A whole company may
# sit behind one address and sign in on the same morning.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "60/m/ip,3/5m/key",
    # A password typed by somebody who is signed in.
    "password_again": "5/5m/key",
    "second_factor": "5/5m/key",
    # From all addresses together: whoever has come so far knows the password, and six digits can be guessed.
    "second_factor_everywhere": "100/h/key",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
USE_TZ = True
FORMAT_MODULE_PATH = ["cards.ui.formats"]
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cards.ui.staticfiles.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "cards.ui.staticfiles.HashedStaticFiles"
    },
}
# Where collectstatic puts styles and scripts for the web server.
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))

# The mail server: smtp://user:password@host:port, smtp+tls:// or smtp+ssl://
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# The sender's address of every mail; its name is the space's.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="cards@localhost")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SESSION_ENGINE = "cards.identity.sessions"
SESSION_COOKIE_HTTPONLY = True
# Cookies over https only; switch it off where there is no https, as in the demo.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=not DEBUG)
# The proxy in front sets X-Forwarded-Proto and lets nobody else set it.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The last address that this proxy adds to X-Forwarded-For is where a request comes from, for throttles and the log.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# Behind that proxy there is https: other requests are sent there, and browsers remember it.
SECURE_SSL_REDIRECT = BEHIND_PROXY
# Load balancers ask by http.
SECURE_REDIRECT_EXEMPT = [r"^health$"]
# For how many seconds browsers ask these hosts by https only; 0 tells them nothing.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if BEHIND_PROXY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# W021: whether a whole domain is put on the browsers' own lists is for its owner to decide, not for one of its hosts.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}
