"""A space's access to Lucca, what Lucca last said (the directory), who is known to be whom (the links), and what was
sent (the receipts)."""

from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.codes import NAMES, codes_of
from cards.spaces.models import Space
from lucca import FieldCheck, FieldCodes, FieldFault, LinkShape, RowShape, SubfieldShape


class AccountState(models.TextChoices):
    """What the last attempt to talk to Lucca came to."""

    CONNECTED = "connected", _("Connected")
    UNREACHABLE = "unreachable", _("Lucca does not answer")
    REFUSED = "refused", _("Lucca refuses the key")


class LuccaAccount(models.Model):
    """A space's access to Lucca. `host` is what links and the call budget go by; the key is stored encrypted."""

    space = models.OneToOneField(Space, models.CASCADE, related_name="lucca_account")
    url = models.URLField(max_length=255)
    host = models.CharField(max_length=255)
    encrypted_key = models.TextField()
    state = models.CharField(max_length=11, choices=AccountState.choices)
    checked_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    # The directory: which reading it shows, and when that reading began.
    refresh_number = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(null=True)
    # The key may not list departments: those shown are the ones that collaborators' files name.
    departments_are_closed = models.BooleanField(default=False)
    # A reading that showed far fewer than before, and was therefore not believed: how many of what, and when.
    doubt = models.JSONField(null=True)
    # What the tabs count, and the state of things it was counted in (see `counters`).
    counters = models.JSONField(default=dict)
    counted_for = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return self.host

    @property
    def subject(self) -> str:
        """The name under which runs of this account take turns."""
        return f"lucca:{self.pk}"

    def file_of(self, lucca_id: str) -> str:
        """The address of a collaborator's file in Lucca."""
        return f"{self.url}{settings.CARDS_LUCCA_FILE_PATH.replace('{id}', quote(lucca_id))}"


class DirectoryEmployee(models.Model):
    """A person as Lucca last said. Erased when Lucca is disconnected; the link outlives it."""

    # Under Meta stand indexes that begin with it; so with those of the links below.
    account = models.ForeignKey(LuccaAccount, models.CASCADE, db_index=False, related_name="employees")
    lucca_id = models.CharField(max_length=64)
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    email_key = models.CharField(max_length=320, blank=True)
    # Another person who has not left has the same e-mail (R17).
    is_doubled = models.BooleanField(default=False)
    department_lucca_id = models.CharField(max_length=64, blank=True)
    department_name = models.CharField(max_length=255, blank=True)
    contract_start_on = models.DateField(null=True)
    contract_end_on = models.DateField(null=True)
    culture = models.CharField(max_length=8, blank=True)
    search_key = models.CharField(max_length=1100)
    sort_key = models.CharField(max_length=600)
    # Complete readings in a row that did not show this person any more.
    absences = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "lucca_id"], name="employee_once_per_account")]
        indexes = [
            models.Index(fields=["account", "sort_key", "id"], name="employee_by_name"),
            models.Index(fields=["account", "department_lucca_id", "sort_key", "id"], name="employee_by_department"),
            models.Index(fields=["account", "email_key"], condition=~Q(email_key=""), name="employee_by_email"),
            models.Index(fields=["account"], condition=Q(is_doubled=True), name="employee_doubled"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.lucca_id

    def has_left(self, today: date) -> bool:
        """The last day of a contract is still a day of work."""
        return self.contract_end_on is not None and self.contract_end_on < today

    def has_another_email_than(self, email_key: str) -> bool:
        return self.email_key not in ("", email_key)


class DirectoryDepartment(models.Model):
    """A department as Lucca last said, at its place in the tree as far as that is proven."""

    account = models.ForeignKey(LuccaAccount, models.CASCADE, related_name="departments")
    lucca_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255, blank=True)
    code = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    # False for one that only its collaborators' files speak of.
    is_listed = models.BooleanField(default=True)
    parent_lucca_id = models.CharField(max_length=64, blank=True)
    # The names above, from the top: "Direction › Sales". Its place when the tree is read from top to bottom.
    above = models.CharField(max_length=1200, blank=True)
    position = models.PositiveIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    search_key = models.CharField(max_length=400)
    absences = models.PositiveSmallIntegerField(default=0)
    # Present collaborators in it, and in all departments below.
    people = models.PositiveIntegerField(default=0)
    people_below = models.PositiveIntegerField(default=0)
    # Counted with the tabs' counters: who would join the group, and who of the group is not in it any more.
    to_add = models.PositiveIntegerField(default=0)
    moved_on = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "lucca_id"], name="department_once_per_account")]
        indexes = [models.Index(fields=["account", "position", "id"], name="department_by_position")]

    def __str__(self) -> str:
        return self.name or self.code or self.lucca_id


class Link(models.Model):
    """This collaborator is known to be this user. It holds two ids and belongs to a space and a Lucca host.

    It does not go by the account: typing another host starts with no links, going back finds them again.
    """

    space = models.ForeignKey(Space, models.CASCADE, db_index=False, related_name="+")
    host = models.CharField(max_length=255)
    lucca_id = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="lucca_links")
    run = models.ForeignKey("runs.Run", models.SET_NULL, null=True, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "host", "lucca_id"], name="employee_linked_once"),
            models.UniqueConstraint(fields=["user", "host"], name="user_linked_once_per_host"),
        ]

    def __str__(self) -> str:
        return f"{self.lucca_id} at {self.host}"


class DepartmentLink(models.Model):
    """This department is known to be this group, at a Lucca host. The names are those of the day Cards named it."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    host = models.CharField(max_length=255)
    lucca_id = models.CharField(max_length=64)
    group = models.ForeignKey("people.Group", models.CASCADE, related_name="lucca_links")
    given_name = models.CharField(max_length=255)
    department_name = models.CharField(max_length=255, blank=True)
    run = models.ForeignKey("runs.Run", models.SET_NULL, null=True, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "host", "lucca_id"], name="department_linked_once"),
            models.UniqueConstraint(fields=["group", "host"], name="group_linked_once_per_host"),
        ]

    def __str__(self) -> str:
        return f"department {self.lucca_id} at {self.host}"


class Resource(models.TextChoices):
    EMPLOYEES = "employees", _("collaborators")
    DEPARTMENTS = "departments", _("departments")


class RefreshPage(models.Model):
    """One page of a reading under way, kept until the reading is complete: the directory changes only then."""

    resource = models.CharField(max_length=11, choices=Resource.choices, default=Resource.EMPLOYEES)
    run = models.ForeignKey("runs.Run", models.CASCADE, related_name="+")
    offset = models.PositiveIntegerField()
    # What Lucca says it has in all, if it said so.
    count = models.PositiveIntegerField(null=True)
    # A list, as JSON: written once, read once, and never looked into by the database.
    items = models.TextField()

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["run", "resource", "offset"], name="refresh_page_once")]

    def __str__(self) -> str:
        return f"{self.resource} from {self.offset} of run {self.run_id}"


class StatisticsSettings(models.Model):
    """What the owner chose about sending statistics, and what was learned of the fields in Lucca.

    An empty code means the default (R75). `faults` are definite: they hold the nights until they are mended.
    """

    account = models.OneToOneField(LuccaAccount, models.CASCADE, related_name="statistics")
    is_on = models.BooleanField(default=False)
    compound = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    link = models.CharField(max_length=255, blank=True)
    progress = models.CharField(max_length=255, blank=True)
    score = models.CharField(max_length=255, blank=True)
    completed_on = models.CharField(max_length=255, blank=True)
    # The last check of the fields: [code, fault] pairs, the codes Lucca says too little of, and when.
    faults = models.JSONField(default=list)
    unchecked = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    # The form in which this Lucca keeps occurrences, as former answers taught it.
    subfield_shape = models.CharField(max_length=6, blank=True)
    link_shape = models.CharField(max_length=6, blank=True)
    # Nights in a row that Lucca refused the key; the third stops the nights.
    refused_nights = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"statistics of {self.account_id}"

    @property
    def typed_codes(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in NAMES}

    @property
    def codes(self) -> FieldCodes:
        return codes_of(self.typed_codes)

    @property
    def last_check(self) -> FieldCheck:
        faults = tuple((code, FieldFault(fault)) for code, fault in self.faults)
        return FieldCheck(faults, tuple(self.unchecked))

    @property
    def shape(self) -> RowShape:
        return RowShape(
            SubfieldShape(self.subfield_shape) if self.subfield_shape else None,
            LinkShape(self.link_shape) if self.link_shape else None,
        )

    @property
    def nights_go_on(self) -> bool:
        """Whether the nights send anything: switched on, no known fault, not stopped by refusals."""
        return self.is_on and not self.faults and self.stopped_at is None


class Receipt(models.Model):
    """What Lucca was last seen to hold for one person and training. Like a link it belongs to a space and a host.

    `training` outlives the training: what was sent stays in Lucca. A receipt that is not proven is sent anew.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    host = models.CharField(max_length=255)
    compound = models.CharField(max_length=255)
    lucca_id = models.CharField(max_length=64)
    training = models.ForeignKey("trainings.Training", models.DO_NOTHING, db_constraint=False, related_name="+")
    # Whose results they are; once a link was mended, another user than the linked one.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    occurrence_id = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255, blank=True)
    link = models.CharField(max_length=500)
    progress = models.CharField(max_length=16, blank=True)
    score = models.CharField(max_length=16, blank=True)
    completed_on = models.CharField(max_length=16, blank=True)
    is_proven = models.BooleanField()
    # When it was last written, and when a reading last showed it.
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "host", "compound", "lucca_id", "training"], name="one_receipt_per_person_and_training"
            ),
        ]

    def __str__(self) -> str:
        return f"training {self.training_id} of {self.lucca_id} at {self.host}"


class Night(models.Model):
    """The nightly push of an account on a day of Paris: once, whoever notices first that it is due (R77)."""

    account = models.ForeignKey(LuccaAccount, models.CASCADE, related_name="nights")
    on = models.DateField()
    run = models.ForeignKey("runs.Run", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="one_push_a_night")]

    def __str__(self) -> str:
        return f"night of {self.on} for {self.account_id}"
