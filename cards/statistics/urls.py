"""The addresses of the statistics."""

from django.urls import path

from cards.statistics.views import groups, overview, people, training

urlpatterns = [
    path("", overview.overview, name="statistics"),
    path("csv/", overview.overview_csv, name="statistics_csv"),
    path("everything/csv/", people.everything_csv, name="statistics_everything_csv"),
    path("trainings/<int:training_id>/", training.training, name="statistics_training"),
    path("trainings/<int:training_id>/csv/", training.training_csv, name="statistics_training_csv"),
    path("groups/", groups.groups, name="statistics_groups"),
    path("groups/csv/", groups.groups_csv, name="statistics_groups_csv"),
    path("people/", people.people, name="statistics_people"),
    path("people/<int:user_id>/", people.person, name="statistics_person"),
    path("people/<int:user_id>/csv/", people.person_csv, name="statistics_person_csv"),
]
