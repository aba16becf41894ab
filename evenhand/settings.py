"""Every setting of the desk, read once from the environment (`EVENHAND_…`); docs/settings.md says each."""

from __future__ import annotations

import os
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

from evenhand import postgres

BASE_DIR = Path(__file__).resolve().parent


def _refuse(why: str) -> NoReturn:
    """One line instead of a start: nothing runs with a setting that it does not understand."""
    print(f"evenhand: {why}", file=sys.stderr)
    raise SystemExit(2)


def _text(name: str, default: str) -> str:
    return os.environ.get(f"EVENHAND_{name}", default)


def _number(name: str, default: int) -> int:
    given = _text(name, str(default))
    try:
        return int(given)
    except ValueError:
        _refuse(f"EVENHAND_{name}: “{given}” is not a whole number; leave it out for {default}.")


def _switch(name: str, default: bool) -> bool:
    given = _text(name, "yes" if default else "no").lower()
    if given not in {"yes", "no", "true", "false", "1", "0"}:
        _refuse(f"EVENHAND_{name}: “{given}” is neither yes nor no.")
    return given in {"yes", "true", "1"}


def _list(name: str, default: str) -> list[str]:
    return [item.strip() for item in _text(name, default).split(",") if item.strip()]


def _is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach; of names, only for localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# ── Where things live ──
HOME = Path(_text("HOME", "") or postgres.default_home()).resolve()
ATTACHMENTS = HOME / "attachments"
KEYS = HOME / "keys"

# ── Who may reach it ──
DEMO = _switch("DEMO", False)
WEB_HOST = _text("WEB_HOST", "127.0.0.1")
WEB_PORT = _number("WEB_PORT", 8000)
if DEMO and not _is_loopback(WEB_HOST):
    _refuse(
        "The demo lets anybody in as anybody, so it is for this machine only, and EVENHAND_WEB_HOST is"
        f" “{WEB_HOST}”. Leave out EVENHAND_WEB_HOST, or the demo."
    )
WEB_PROCESSES = _number("WEB_PROCESSES", 2)
WORKER_PROCESSES = _number("WORKER_PROCESSES", 2)
WORKER_CONCURRENCY = _number("WORKER_CONCURRENCY", 2)
MAIL_HOST = _text("MAIL_HOST", "127.0.0.1")
MAIL_PORT = _number("MAIL_PORT", 8025)
BASE_URL = _text("BASE_URL", f"http://{WEB_HOST}:{WEB_PORT}")
ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

# ── Limits ──
MAIL_MOST_BYTES = _number("MAIL_MOST_BYTES", 25 * 1024 * 1024)
FORM_MOST_BYTES = _number("FORM_MOST_BYTES", 25 * 1024 * 1024)
TEXT_MOST_CHARACTERS = _number("TEXT_MOST_CHARACTERS", 100_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "evenhand.look.limits.FormLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ── Mail that leaves ──
MAIL_TRANSPORT = _text("MAIL_TRANSPORT", "console")
SMTP_HOST = _text("SMTP_HOST", "127.0.0.1")
SMTP_PORT = _number("SMTP_PORT", 25)
SMTP_USER = _text("SMTP_USER", "")
SMTP_PASSWORD = _text("SMTP_PASSWORD", "")
SMTP_SECURITY = _text("SMTP_SECURITY", "starttls")
MAIL_DOMAIN = _text("MAIL_DOMAIN", "desk.example")

# ── Sign-in ──
STAFF_TOTP = _text("STAFF_TOTP", "optional" if DEMO else "required")
SEAL_EVERY_SECONDS = _number("SEAL_EVERY_SECONDS", 60)


def _secret_key() -> str:
    """The signing key: given, or made once and kept with the other keys of this desk."""
    given = _text("SECRET_KEY", "")
    return given or postgres.secret(KEYS / "signing")


SECRET_KEY = _secret_key()
DEBUG = False

# ── Django ──
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "evenhand.audit",
    "evenhand.jobs",
    "evenhand.people",
    "evenhand.rulebook",
    "evenhand.mail",
    "evenhand.conduct",
    "evenhand.stores",
    "evenhand.tickets",
    "evenhand.intake",
    "evenhand.look",
    "evenhand.desk",
    "evenhand.portal",
    "evenhand.api",
    "evenhand.demo",  # its pages are routed in demo mode only
]
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenhand.look.onethread.in_one_thread",  # innermost, so that pages stay in one thread
]
ROOT_URLCONF = "evenhand.urls"
ASGI_APPLICATION = "evenhand.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # evenhand/<room>/jinja2/
        "OPTIONS": {
            "environment": "evenhand.look.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "evenhand.look.tokens.csrf_once",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
_database = postgres.connection(os.environ.get("DATABASE_URL") or postgres.dsn(HOME))
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,  # the pool keeps them
        "CONN_HEALTH_CHECKS": True,  # so that a restarted PostgreSQL costs nobody a failed page
        "OPTIONS": {
            **_database["OPTIONS"],
            "pool": {"min_size": 2, "max_size": _number("DATABASE_POOL", 10), "timeout": 10},
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger gets the same answer as anybody, and no mail
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "evenhand.people.signin.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Evenhand"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
EMAIL_BACKEND = "evenhand.mail.backend.OutboxBackend"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
CSRF_FAILURE_VIEW = "evenhand.look.errors.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _text("LOG_LEVEL", "WARNING")},
}
