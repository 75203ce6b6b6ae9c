"""Trainings with their chapters and quizzes, and the activity of learners: attempts, completed chapters, answers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, When
from django.utils.translation import gettext_lazy as _

from cards.people.models import Group, User
from cards.spaces.models import Space


class Picture(models.Model):
    """An uploaded picture as it was re-encoded (`trainings.pictures`), with nothing of the original file in it.

    It lies in the database, so that it is saved, copied and erased together with what shows it.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"picture {self.pk}"


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Training(models.Model):
    """What is given to learners: chapters in an order."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="trainings")
    title = models.CharField(_("title"), max_length=190)
    description = models.TextField(_("description"), blank=True)
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    position = models.PositiveIntegerField()
    is_for_everyone = models.BooleanField(_("given to everyone"), default=False)
    groups = models.ManyToManyField(Group, related_name="trainings")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["space", "position"], name="training_of_space")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED


class Chapter(models.Model):
    """One step of a training: a text, perhaps a picture and a video, perhaps a quiz at its end."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="chapters")
    title = models.CharField(_("title"), max_length=190)
    position = models.PositiveIntegerField()
    text = models.TextField(_("text"), blank=True)
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, related_name="+")
    picture_description = models.CharField(_("description of the picture"), max_length=255, blank=True)
    video = models.URLField(_("video"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")


class Question(models.Model):
    """A question of a chapter's quiz."""

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    words = models.TextField(_("question"), max_length=1000)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices, default=QuestionKind.SINGLE)
    points = models.PositiveIntegerField(_("points"), validators=[MinValueValidator(1), MaxValueValidator(100)])
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=100), name="question_worth_1_to_100")
        ]

    def __str__(self) -> str:
        return self.words


class Choice(models.Model):
    """One of the answers that a question offers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    position = models.PositiveIntegerField()
    words = models.CharField(max_length=500)
    is_right = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.words


# The formulas of `statistics.compute` as the database applies them, so that pages can count by their outcomes.
PROGRESS = Case(When(chapters__gt=0, then=F("chapters_done") * 100 / F("chapters")), default=0)
SCORE = Case(When(maximum_points__gt=0, then=F("points") * 100 / F("maximum_points")), default=None)


class Attempt(models.Model):
    """A user's way through a training, from a start to a finish.

    While it is open its four numbers follow the training as it is now; the finish freezes them (docs/statistics.md).
    `trainings.learning` alone writes here.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="attempts")
    training = models.ForeignKey(Training, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    # The day of `completed_at` in the space's time zone: figures by day need no conversion of millions of rows.
    completed_on = models.DateField(null=True)
    # The one attempt that stands for the user in this training: the last completed one, else the open one.
    is_counted = models.BooleanField()
    chapters_done = models.PositiveIntegerField(default=0)
    chapters = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    maximum_points = models.PositiveIntegerField(default=0)
    progress = GeneratedField(expression=PROGRESS, output_field=models.IntegerField(), db_persist=True)
    score = GeneratedField(expression=SCORE, output_field=models.IntegerField(null=True), db_persist=True)

    class Meta:
        ordering = ["user", "training", "number"]
        constraints = [
            models.UniqueConstraint(fields=["user", "training", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["user", "training"], condition=Q(completed_at=None), name="one_open_attempt"
            ),
            models.UniqueConstraint(fields=["user", "training"], condition=Q(is_counted=True), name="one_counts"),
            models.CheckConstraint(
                condition=Q(chapters_done__lte=F("chapters"), points__lte=F("maximum_points")),
                name="attempt_within_its_limits",
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_on=None)
                | Q(
                    completed_at__isnull=False, completed_on__isnull=False, chapters__gt=0, chapters_done=F("chapters")
                ),
                name="completed_means_every_chapter",
            ),
        ]
        indexes = [
            # Holds all that the figures of a training are counted from: the rows themselves need not be read.
            models.Index(
                fields=["training", "is_counted", "completed_on", "points", "maximum_points"], name="attempt_figures"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.user_id} at {self.training_id}"


class ChapterCompletion(models.Model):
    """A learner has finished a chapter."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="completions")
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="completions")
    completed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "chapter"], name="chapter_completed_once")]

    def __str__(self) -> str:
        return f"chapter {self.chapter_id} in attempt {self.attempt_id}"


class Answer(models.Model):
    """What a learner answered to a question, marked when it was given."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    # The ids of the choices that were ticked.
    chosen = models.JSONField()
    is_right = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="question_answered_once")]

    def __str__(self) -> str:
        return f"answer to {self.question_id} in attempt {self.attempt_id}"
