"""All settings of one deployment, which serves one state. Environment variables are parsed strictly."""

import logging
from datetime import timedelta
from pathlib import Path

import dj_database_url
import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from brm_portal import addresses
from brm_portal.logs import logging_config
from kernel import embedded

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- how this process runs -------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", "demo-key-not-secret-" * 3 if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Make one with: "
        "python -c 'import secrets; print(secrets.token_urlsafe(64))' "
        "and put it into the environment as SECRET_KEY, the same for every web and worker host."
    )
# Keys of before, so that changing the key ends neither sessions nor second factors.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Behind a proxy that ends TLS; a demo on localhost speaks plain HTTP.
HTTPS = env.bool("HTTPS", not (DEMO or DEBUG))
# Where people find the portal, for links in e-mails.
PORTAL_URL = env.str("PORTAL_URL", "") or (f"https://{ALLOWED_HOSTS[0]}" if HTTPS else "http://localhost:8000")

# --- the state -------------------------------------------------------------------------------
HEX_COLOR = validate.Regexp(r"^#[0-9a-fA-F]{6}$", error="Expected # and six hexadecimal digits.")
STATE_NAME = env.str("STATE_NAME", "State of Example")
STATE_SEAL_URL = env.str("STATE_SEAL_URL", "")
STATE_COLOR_PRIMARY = env.str("STATE_COLOR_PRIMARY", "#1a4480", validate=HEX_COLOR)
STATE_COLOR_ACCENT = env.str("STATE_COLOR_ACCENT", "#c05600", validate=HEX_COLOR)
FISCAL_YEAR_START_MONTH = env.int("FISCAL_YEAR_START_MONTH", 7, validate=validate.Range(1, 12))
# How many days ahead other systems are told that a contract ends.
CONTRACT_ENDING_DAYS = env.list("CONTRACT_ENDING_DAYS", [90, 30], subcast=int)
# How many days ahead people are reminded that a contract ends or must be cancelled.
CONTRACT_REMINDER_DAYS = env.list("CONTRACT_REMINDER_DAYS", [90, 30, 7], subcast=int)
CURRENCY = env.str(
    "CURRENCY", "USD", validate=validate.Regexp(r"^[A-Z]{3}$", error="Expected an ISO 4217 code such as USD.")
)
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")

# --- applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "brm_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "kernel.accounts",
    "kernel.directory",
    "kernel.history",
    "kernel.jobs",
    "kernel.notices",
    "kernel.saved_views",
    "kernel.webhooks",
    "kernel.rest",
    "metrics",
    "vendors",
    "agencies",
    "brm_portal.dashboards",
    *(["brm_portal.demo"] if DEMO else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "brm_portal.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.accounts.middleware.SecondFactorMiddleware",
    "kernel.history.middleware.HistoryContextMiddleware",
]
ROOT_URLCONF = "brm_portal.urls"
WSGI_APPLICATION = "brm_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "brm_portal.context_processors.state",
            ],
            "libraries": {
                "charts": "kernel.templatetags.charts",
                "navigation": "brm_portal.templatetags.navigation",
                "organizations": "kernel.templatetags.organizations",
                "subjects": "kernel.templatetags.subjects",
                "ui": "kernel.templatetags.ui",
            },
        },
    }
]

# --- PostgreSQL and Redis --------------------------------------------------------------------
DATABASES = {
    "default": {
        **dj_database_url.parse(env.str("DATABASE_URL", "") or embedded.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_TIMEZONE = TIME_ZONE
# A worker that was silent for so long has its range given to another.
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", 30.0, validate=validate.Range(1))
JOB_ATTEMPTS = 5
JOB_KEEP_DAYS = 90
CELERY_BEAT_SCHEDULER = "brm_portal.beat:LockedScheduler"
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True  # Lets a health check ask beat whether it still ticks.
CELERY_BEAT_SCHEDULE = {
    # Expired when the next is sent, so that they do not pile up while no worker runs.
    "fold what is due": {"task": "metrics.keep_folded", "schedule": 60, "options": {"expires": 60}},
    "compute what is due": {"task": "vendors.keep_scored", "schedule": 60, "options": {"expires": 60}},
    # Twice within a lease, so that a range whose worker fell silent is with another before a minute is over.
    "give ranges of silent workers to others": {
        "task": "jobs.requeue",
        "schedule": JOB_LEASE_SECONDS / 2,
        "options": {"expires": JOB_LEASE_SECONDS},
    },
    "forget old jobs": {"task": "jobs.delete_old", "schedule": crontab(hour="3", minute="17")},
    "tell of ending contracts": {"task": "vendors.tell_of_ending", "schedule": 3600, "options": {"expires": 3600}},
    "remind of contracts": {"task": "vendors.remind", "schedule": crontab(hour="6", minute="7")},
    "look for duplicates": {"task": "vendors.look_for_duplicates", "schedule": crontab(hour="2", minute="47")},
    "deliver messages": {"task": "webhooks.deliver_due", "schedule": 15, "options": {"expires": 15}},
    "forget old messages": {"task": "webhooks.forget", "schedule": crontab(hour="3", minute="37")},
    "mail notices": {"task": "notices.mail", "schedule": 60, "options": {"expires": 60}},
    "forget old answers": {"task": "rest.forget_answers", "schedule": crontab(hour="3", minute="27")},
}

# --- accounts and sessions -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kernel.accounts.backends.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Pages that lower rooms link to and higher ones have.
ABSOLUTE_URL_OVERRIDES = {"directory.organizationmerge": addresses.of_merge, "metrics.series": addresses.of_series}
# Where names of agencies lead, in every room: the model with a page for each, and that page.
AGENCY_PAGE = ("agencies.Agency", "agencies:agency_detail")
ACCOUNT_ADAPTER = "kernel.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # Sign-up is closed; an invitation has proven the address.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# The user's own address is the only one; Django's token is bound to it, to the password and to the last login.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = int(timedelta(days=3).total_seconds())
# Rate limits count by address: behind a proxy, by the one it has seen.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", False) else 0
MFA_ADAPTER = "kernel.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = STATE_NAME
MFA_TOTP_TOLERANCE = 1  # Clocks of telephones go a little wrong: one code earlier or later passes too.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(hours=env.int("SESSION_HOURS", 8)).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- security headers ------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- e-mail ----------------------------------------------------------------------------------
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEMO or DEBUG else 'smtp'}.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# --- language, time, files -------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HTTPS
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Where nobody ran collectstatic (development, demo, tests), files are served from where they lie.
WHITENOISE_USE_FINDERS = not HTTPS
MEDIA_ROOT = BASE_DIR / "var" / "media"

# --- the API ---------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 600, validate=validate.Range(1))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kernel.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["kernel.rest.permissions.ScopePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["kernel.rest.rates.RateThrottle"],
    "DEFAULT_SCHEMA_CLASS": "kernel.rest.schema.DescribedSchema",
    "DEFAULT_FILTER_BACKENDS": ["kernel.rest.lists.FilterBackend", "kernel.rest.lists.OrderingBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kernel.rest.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "kernel.rest.lists.PageNumberPagination",
    "EXCEPTION_HANDLER": "kernel.rest.problems.problem_details",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Hosts of the state's own network that webhooks may be sent to; all others must be of the open internet.
WEBHOOK_PRIVATE_HOSTS: list[str] = env.list("WEBHOOK_PRIVATE_HOSTS", [], subcast=str.lower)
SPECTACULAR_SETTINGS = {
    "TITLE": "BRM portal",
    "DESCRIPTION": (
        "Agencies, vendors, agreements, service levels, outcomes and scorecards of one state.\n\n"
        "Log in and use this page, or send a personal token from your profile page as `Authorization: Bearer "
        "<token>`. You get the rows that you may see in the portal; what you may not see answers like what does "
        "not exist. Codes are natural keys: they name an organization, a series or a service level wherever one is "
        "referred to. Figures are exact decimal text, months are written 2020-07, and errors are problem details "
        "(RFC 9457).\n\n"
        "Every answer says in `RateLimit` how many requests are left in this minute; beyond that the answer is 429, "
        "and `Retry-After` says how long to wait. A POST with an `Idempotency-Key` header can be sent again after a "
        "lost connection: for seven days it is answered as it was the first time and carried out once."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ContractKind": "vendors.models.Contract.Kind",
        "ContractStatus": "vendors.models.Contract.Status",
        "MilestoneStatus": "vendors.models.Milestone.Status",
        "OutcomeStatus": "metrics.models.OutcomeReading.Status",
        "ScorecardStatus": "vendors.models.Scorecard.Status",
        "VendorKind": "vendors.models.Vendor.Kind",
    },
    "ENUM_SUFFIX": "",
}

# --- history ---------------------------------------------------------------------------------
# The context lies in the event itself: one insert per event, and no second table to prune.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True

FILTERS_EMPTY_CHOICE_LABEL = _("Any")
DJANGO_TABLES2_TEMPLATE = "tables/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("Any")

# --- logs ------------------------------------------------------------------------------------
LOGGING = logging_config(json=not (DEBUG or DEMO))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
