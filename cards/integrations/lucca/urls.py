"""The addresses of the integration, below /integrations/lucca/."""

from django.urls import path, re_path

from cards.integrations.lucca.views import (
    configuration,
    departments,
    farewell,
    history,
    people,
    pushes,
    runs,
    statistics,
    users,
)

urlpatterns = [
    path("", configuration.home, name="lucca_home"),
    path("configuration/", configuration.configuration, name="lucca_configuration"),
    path("configuration/check/", configuration.check_fields, name="lucca_check_fields"),
    path("users/", users.users, name="lucca_users"),
    path("users/refresh/", users.refresh, name="lucca_refresh"),
    path("users/import/", users.import_users, name="lucca_import_users"),
    path("users/<int:employee_id>/import/", users.import_user, name="lucca_import_user"),
    path("users/<int:employee_id>/import/<int:run_id>/", users.import_user_row, name="lucca_import_user_row"),
    path("departments/", departments.departments, name="lucca_departments"),
    path("departments/import/", departments.import_departments, name="lucca_import_departments"),
    path("departments/<int:department_id>/", departments.department, name="lucca_department"),
    path("departments/<int:department_id>/import/", departments.import_department, name="lucca_import_department"),
    path(
        "departments/<int:department_id>/import/<int:run_id>/",
        departments.import_department_row,
        name="lucca_import_department_row",
    ),
    path(
        "departments/<int:department_id>/remove/<int:membership_id>/",
        departments.remove_from_group,
        name="lucca_remove_from_group",
    ),
    path("statistics/", statistics.overview, name="lucca_statistics"),
    path("statistics/send/", statistics.send, name="lucca_send"),
    path("statistics/remove/", statistics.remove, name="lucca_remove_statistics"),
    path("statistics/people/<int:link_id>/", statistics.person, name="lucca_statistics_person"),
    path("statistics/people/<int:link_id>/send/", statistics.send_one, name="lucca_send_one"),
    path("statistics/runs/<int:run_id>/", pushes.push, name="lucca_push"),
    path("statistics/runs/<int:run_id>/report.csv", pushes.push_csv, name="lucca_push_csv"),
    re_path(
        r"^statistics/runs/(?P<run_id>[0-9]+)/(?P<wish>start|pause|resume|cancel)/$",
        pushes.change,
        name="lucca_change_push",
    ),
    path("runs/<int:run_id>/", runs.run, name="lucca_run"),
    path("users/<int:employee_id>/", people.person, name="lucca_person"),
    re_path(
        r"^users/(?P<employee_id>[0-9]+)/(?P<wish>unlink|link|move-link|take-over-email|check-again)/$",
        people.mend,
        name="lucca_mend",
    ),
    path("users/<int:employee_id>/remove-rows/", people.remove_rows, name="lucca_remove_rows"),
    path("quality/", people.data_quality, name="lucca_quality"),
    path("quality/data.csv", people.data_quality_csv, name="lucca_quality_csv"),
    path("disconnect/", farewell.disconnect, name="lucca_disconnect"),
    path("forget/", farewell.forget, name="lucca_forget"),
    path("history/", history.history, name="lucca_history"),
    path("history/history.csv", history.history_csv, name="lucca_history_csv"),
    path("runs/<int:run_id>/undo/", runs.undo, name="lucca_undo"),
    path("runs/<int:run_id>/tick/", runs.tick, name="lucca_tick"),
    path("runs/<int:run_id>/report.csv", runs.run_csv, name="lucca_run_csv"),
    re_path(
        r"^runs/(?P<run_id>[0-9]+)/(?P<wish>start|pause|resume|cancel|send-mails|withhold-mails)/$",
        runs.change,
        name="lucca_change_run",
    ),
]
