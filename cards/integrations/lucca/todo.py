"""What waits for owners and editors in the integration: connecting, importing, and what keeps results from Lucca."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.integrations.catalogue.queries import is_active
from cards.integrations.lucca import nights
from cards.integrations.lucca.counters import new_people
from cards.integrations.lucca.models import AccountState, LuccaAccount, StatisticsSettings
from cards.integrations.lucca.run_words import under_way
from cards.integrations.lucca.sides import importable, links_of
from cards.people.models import Role, User
from cards.people.todo import Todo
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.spaces.models import Space
from cards.ui.templatetags.ui import number


def lucca_todo(space: Space, user: User) -> Iterable[Todo]:
    """Nothing where the integration is not activated (R6); what only an owner can do is said to owners alone."""
    if not is_active(space, "lucca"):
        return
    account = LuccaAccount.objects.select_related("space", "statistics").filter(space=space).first()
    if user.role == Role.OWNER:
        yield from _for_owners(account)
    if account is not None:
        yield from _paused(account)
        yield from _not_taken(account)
        yield from _to_import(account)


def _for_owners(account: LuccaAccount | None) -> Iterable[Todo]:
    configuration = reverse("lucca_configuration")
    if account is None:
        yield Todo(_("Your collaborators can come from Lucca."), configuration, _("Connect Lucca"))
        return
    if account.state == AccountState.REFUSED:
        yield Todo(
            _("Lucca refuses the key: nothing is read or sent."), configuration, _("Enter another key"), is_urgent=True
        )
    if account.state == AccountState.UNREACHABLE:
        yield Todo(
            _("Lucca does not answer: nothing is read or sent."), configuration, _("Check the url"), is_urgent=True
        )
    statistics = StatisticsSettings.objects.filter(account=account, is_on=True).first()
    if statistics is not None and statistics.stopped_at is not None:
        words = _("Lucca refused the results three nights in a row; they are not sent any more.")
        yield Todo(words, reverse("lucca_statistics"), _("See why"), is_urgent=True)
    elif statistics is not None and statistics.faults:
        words = _("Results are not sent: a field that receives them is not ready in Lucca.")
        yield Todo(words, configuration, _("See which"), is_urgent=True)


def _paused(account: LuccaAccount) -> Iterable[Todo]:
    """What somebody set aside, and nothing but a person's word lets go on."""
    for run in Run.objects.filter(subject=account.subject, state=RunState.PAUSED).order_by("pk"):
        yield Todo(under_way(run), reverse("lucca_run", args=[run.pk]), _("Resume or stop it"))


def _not_taken(account: LuccaAccount) -> Iterable[Todo]:
    """Files that the last sending to everybody failed at, and no sending to one of them has reached since."""
    if not StatisticsSettings.objects.filter(account=account, is_on=True).exists():
        return
    to_everybody = Run.objects.filter(subject=account.subject, kind__in=(nights.PUSH, nights.PUSH_NOW))
    last = to_everybody.filter(state=RunState.FINISHED).first()
    if last is None:
        return
    since = RunLine.objects.filter(run__subject=account.subject, run__kind=nights.PUSH_ONE, run__pk__gt=last.pk)
    reached = since.filter(state=LineState.DONE).values("lucca_id")
    failed = last.lines.filter(state=LineState.FAILED).exclude(lucca_id__in=reached).count()
    if failed:
        words = ngettext(
            "The results of %(number)s collaborator did not reach Lucca.",
            "The results of %(number)s collaborators did not reach Lucca.",
            failed,
        )
        report = f"{reverse('lucca_push', args=[last.pk])}?show=failed"
        yield Todo(words % {"number": number(failed)}, report, _("See why"))


def _to_import(account: LuccaAccount) -> Iterable[Todo]:
    users = reverse("lucca_users")
    if account.doubt is not None:
        yield Todo(_("Lucca showed far less than before. Is that right?"), users, _("Answer"), is_urgent=True)
    if not links_of(account).exists():
        if importable(account).exists():
            yield Todo(_("Nobody has been imported from Lucca yet."), users, _("See your collaborators"))
        return
    arrived = new_people(account)
    if arrived:
        words = ngettext(
            "%(number)s new person in Lucca since the last import.",
            "%(number)s new people in Lucca since the last import.",
            arrived,
        )
        yield Todo(words % {"number": number(arrived)}, users, _("See who"))
