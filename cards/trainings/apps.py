from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    name = "cards.trainings"

    def ready(self) -> None:
        from cards.people.todo import ask_also
        from cards.trainings.todo import training_to_publish

        ask_also(training_to_publish)
