"""The addresses of personal data and of the audit log."""

from django.urls import path

from cards.privacy.views import log, people

urlpatterns = [
    path("settings/personal-data/", people.personal_data, name="personal_data"),
    path("users/<int:user_id>/personal-data/", people.person_data, name="person_data"),
    path("users/<int:user_id>/personal-data/export/", people.person_export, name="person_export"),
    path("users/<int:user_id>/personal-data/erase/", people.person_erase, name="person_erase"),
    path("my-data/", people.my_data, name="my_data"),
    path("my-data/export/", people.my_data_export, name="my_data_export"),
    path("settings/audit-log/", log.audit_log, name="audit_log"),
    path("settings/audit-log.csv", log.audit_log_csv, name="audit_log_csv"),
]
