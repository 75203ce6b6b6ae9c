"""How this server reaches a space's Lucca: the client with its key and its share of the calls, and what a test says."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cards import clock
from cards.audit.actions import record
from cards.integrations.lucca.address import Address
from cards.integrations.lucca.models import (
    AccountState,
    DepartmentLink,
    DirectoryDepartment,
    DirectoryEmployee,
    Link,
    LuccaAccount,
    Receipt,
    RefreshPage,
    StatisticsSettings,
)
from cards.internet import is_among, is_public
from cards.people import outbox
from cards.people.models import Group, User
from cards.runs import budget
from cards.runs.models import Run
from cards.seal import SealBrokenError, seal, unseal
from cards.spaces.models import Space
from lucca import Gate, LuccaClient, NotFound, Refused, Rejected, Throttled, Unavailable, Unintelligible

# Lucca itself gives up after 5 s; the rest is for the way there and back.
TIMEOUT_SECONDS = 10.0


class Connection(StrEnum):
    """What testing a url and a key came to."""

    WORKS = "works"
    REFUSED = "refused"
    NOT_LUCCA = "not_lucca"
    UNREACHABLE = "unreachable"
    BUSY = "busy"


class OutOfCalls(Throttled):
    """Our own share of the calls is used up for now; Lucca itself was not asked."""


@contextmanager
def one_call(host: str, *, patience: float = 0.0) -> Iterator[None]:
    """A call to `host` within the budget that all our processes share; raises OutOfCalls when none is left, nor
    will be within `patience` seconds."""
    try:
        with budget.call(host, limit=settings.CARDS_CALLS_PER_MINUTE, patience=patience):
            yield
    except budget.NoCallLeft as error:
        raise OutOfCalls(error.until) from None


def respect(host: str, refusal: Throttled) -> None:
    """When Lucca itself said that it is too much, nobody calls it before the moment it named (R26)."""
    if not isinstance(refusal, OutOfCalls):
        budget.close(host, refusal.until)


class Calls:
    """How many calls were made, retries included, since they were last taken into account.

    `before_each` is done once a call is granted, right before it is made. For calls that are not granted at once,
    `patience` seconds may be waited in all.
    """

    def __init__(self, before_each: Callable[[], None] = lambda: None) -> None:
        self.made = 0
        self.patience = 0.0
        self.before_each = before_each

    def taken(self) -> int:
        made, self.made = self.made, 0
        return made

    @contextmanager
    def counting(self, gate: AbstractContextManager[None]) -> Iterator[None]:
        asked = time.monotonic()
        with gate:
            self.patience = max(0.0, self.patience - (time.monotonic() - asked))
            self.before_each()
            self.made += 1
            yield


def client_for(address: Address, key: str) -> LuccaClient:
    return _client(address, key, lambda: one_call(address.host))


def client_of(account: LuccaAccount, calls: Calls | None = None) -> LuccaClient:
    """A client with the account's key, its attempts counted; SealBrokenError when this server's keys do not open it."""
    calls = calls or Calls()
    address = Address(account.url, account.host)
    return _client(
        address, unseal(account.encrypted_key), lambda: calls.counting(one_call(account.host, patience=calls.patience))
    )


def _client(address: Address, key: str, gate: Gate) -> LuccaClient:
    """Nothing is sent to an address inside the server's network, whatever its name, unless the operator allowed it."""
    place = urlsplit(address.url)
    may_be_inside = is_among(place.hostname or "", place.port, settings.CARDS_ALLOWED_LUCCA_HOSTS)
    return LuccaClient(
        base_url=address.url,
        key=key,
        gate=gate,
        may_reach=lambda ip_address: may_be_inside or is_public(ip_address),
        timeout_seconds=TIMEOUT_SECONDS,
    )


def try_out(address: Address, key: str) -> Connection:
    """Ask Lucca once whether the key reads collaborators. Never raises for what Lucca does."""
    try:
        with client_for(address, key) as client:
            client.check()
    except Refused:
        return Connection.REFUSED
    except Throttled as error:
        respect(address.host, error)
        return Connection.BUSY
    except Unavailable:
        return Connection.UNREACHABLE
    except (NotFound, Rejected, Unintelligible):
        return Connection.NOT_LUCCA
    return Connection.WORKS


# Every outcome with which a url and a key are kept (a busy or silent Lucca says nothing against them).
STATE_AFTER = {
    Connection.WORKS: AccountState.CONNECTED,
    Connection.BUSY: AccountState.CONNECTED,
    Connection.UNREACHABLE: AccountState.UNREACHABLE,
}


def save(
    space: Space, account: LuccaAccount | None, address: Address, key: str | None, *, by: User | None
) -> Connection:
    """Test a url and a key and keep them, unless Lucca refuses the key or what answers is not Lucca.

    None as the key keeps the one of `account`. Another host starts with an empty directory and with statistics off;
    links and receipts go by host, so those of the former one wait for its return. Raises SealBrokenError when the
    kept key cannot be opened.
    """
    outcome = try_out(address, key or unseal(_kept(account).encrypted_key))
    if outcome not in STATE_AFTER:
        return outcome
    with transaction.atomic():
        # Two who save at once do it one after the other.
        Space.objects.select_for_update(no_key=True).get(pk=space.pk)
        present = LuccaAccount.objects.select_for_update().filter(space=space).first()
        if key is None and (present is None or present.host != address.host):
            # Disconnected, or connected elsewhere, while Lucca was asked: the tested key is not there any more.
            raise SealBrokenError
        account = present or LuccaAccount(space=space)
        former_url = account.url
        if account.pk and account.host != address.host:
            forget_directory(account)
            StatisticsSettings.objects.filter(account=account).update(
                is_on=False, faults=[], unchecked=[], checked_at=None, subfield_shape="", link_shape=""
            )
        account.url, account.host = address.url, address.host
        account.state, account.checked_at = STATE_AFTER[outcome], clock.now()
        if key:
            account.encrypted_key = seal(key)
        account.save()
        if key:
            # What the former key was refused says nothing of this one.
            StatisticsSettings.objects.filter(account=account).update(refused_nights=0, stopped_at=None)
        record(
            "lucca.configured", space=space, by=by, target=account.host, former_url=former_url, key_changed=bool(key)
        )
    return outcome


def forget_directory(account: LuccaAccount) -> None:
    """Erase what Lucca said; the caller saves `account`."""
    DirectoryEmployee.objects.filter(account=account).delete()
    DirectoryDepartment.objects.filter(account=account).delete()
    account.refresh_number, account.refreshed_at, account.doubt = 0, None, None
    account.departments_are_closed = False


def disconnect(account: LuccaAccount, *, by: User) -> None:
    """Erase the key, the directory and what the receipts say.

    The links, two ids each, and the receipts, ids alone, wait for the same Lucca to come back: rows that were sent
    are then found again and brought up to date.
    """
    with transaction.atomic():
        record("lucca.disconnected", space=account.space, by=by, target=account.host)
        # With the account go the pages of its runs.
        runs = Run.objects.filter(space_id=account.space_id, subject=account.subject)
        outbox.withdraw_undecided(runs)
        account.delete()
        # What a reading under way keeps from now on goes when it finds the account gone.
        RefreshPage.objects.filter(run__in=runs).delete()
        # What a push in flight keeps of its last file is here by now, or is forgotten as it is kept.
        forget_values(Receipt.objects.filter(space_id=account.space_id, host=account.host))


def forget_values(receipts: QuerySet[Receipt]) -> None:
    """Leave of what was sent the ids alone, by which the rows are found again."""
    receipts.update(title="", progress="", score="", completed_on="", is_proven=False)


def forget_everything(space: Space, *, by: User) -> None:
    """Disconnect, and erase the links of every Lucca, the receipts and the history. Users and groups stay."""
    with transaction.atomic():
        for account in LuccaAccount.objects.filter(space=space):
            disconnect(account, by=by)
        for kept in (Link, DepartmentLink, Receipt):
            kept._default_manager.filter(space=space).delete()
        Group.objects.filter(space=space).update(lucca_department="")
        Run.objects.filter(space=space, subject__startswith="lucca:").delete()
        record("lucca.forgotten", space=space, by=by)


def _kept(account: LuccaAccount | None) -> LuccaAccount:
    if account is None:
        raise ValueError("the first connection needs a key")
    return account


def note_state(account: LuccaAccount, state: AccountState) -> None:
    """Remember what talking to Lucca came to just now."""
    LuccaAccount.objects.filter(pk=account.pk).update(state=state, checked_at=clock.now())
