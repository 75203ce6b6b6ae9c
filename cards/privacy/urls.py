"""The addresses of personal data and of the audit log."""

from django.urls import path

from cards.privacy.views import log

urlpatterns = [
    path("settings/audit-log/", log.audit_log, name="audit_log"),
    path("settings/audit-log.csv", log.audit_log_csv, name="audit_log_csv"),
]
