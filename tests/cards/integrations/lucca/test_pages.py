"""The pages of the integration, as owners, editors, learners and strangers meet them."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from pytest_django.fixtures import Settings

from cards import clock
from cards.integrations.lucca import connect, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import (
    DirectoryDepartment,
    DirectoryEmployee,
    Link,
    LuccaAccount,
    StatisticsSettings,
)
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.ticks import tick
from cards.people.models import Mail, Role, User
from cards.runs.engine import work_on
from cards.runs.models import LineState, Run, RunState
from cards.seal import SealBrokenError, unseal
from cards.spaces.models import Space
from lucca_simulator import Simulator
from lucca_simulator.rights import Key
from tests.cards.integrations.lucca.conftest import planned, reading, text_of, work
from tests.cards.integrations.lucca.learning import World
from tests.conftest import a_user

ClientOf = Callable[[User], Client]
OPTIONS = {"notify": "no", "connection_mode": "password"}


# --- configuration ----------------------------------------------------------------------------------


@pytest.mark.requirement("R7", "R8", "R9")
def test_the_owner_fills_in_url_and_key_and_is_connected(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    page = text_of(client, "lucca_configuration")
    assert "Url" in page
    assert "Lucca key" in page
    response = client.post(reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key}, follow=True)
    said = "Saved. Cards is connected to Lucca."
    assert f'{said} <a href="{reverse("lucca_users")}">Go to the collaborators</a>' in response.content.decode()
    assert LuccaAccount.objects.get().state == "connected"


@pytest.mark.requirement("R13")
def test_the_two_tabs_appear_after_the_first_save(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    for tab, name in (("User Sync", "lucca_users"), ("Synchro departments", "lucca_departments")):
        assert tab not in text_of(client, "lucca_configuration")
        assert client.get(reverse(name)).status_code == 404
    client.post(reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key})
    for tab, name in (("User Sync", "lucca_users"), ("Synchro departments", "lucca_departments")):
        assert tab in text_of(client, "lucca_configuration")
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.requirement("R8")
def test_the_saved_key_never_comes_back_to_the_browser_and_an_empty_field_keeps_it(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    sealed = account.encrypted_key
    assert simulator.key not in sealed
    page = text_of(client, "lucca_configuration")
    assert simulator.key not in page
    assert sealed not in page
    response = client.post(reverse("lucca_configuration"), {"url": simulator.url, "key": ""})
    assert response.status_code == 302
    account.refresh_from_db()
    assert account.encrypted_key == sealed


@pytest.mark.requirement("R8")
def test_another_key_takes_the_place_of_the_saved_one(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    simulator.keys.keys[:] = [Key("Cards", "another key")]
    sent = {"url": simulator.url, "key": "another key"}
    assert client_of(ada).post(reverse("lucca_configuration"), sent).status_code == 302
    work()
    account.refresh_from_db()
    assert unseal(account.encrypted_key) == "another key"
    assert DirectoryEmployee.objects.count() == 40


@pytest.mark.requirement("R6")
def test_the_block_leads_owners_to_the_configuration_also_once_connected(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    for _ in range(2):
        assert client.get(reverse("lucca_home")).headers["Location"] == reverse("lucca_configuration")
        client.post(reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key})


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"url": "", "key": "k"}, "Type the url of your Lucca account"),
        ({"url": "not a url", "key": "k"}, "This is not a url."),
        ({"url": "https://acme.example", "key": "k"}, "This is not the url of a Lucca account"),
        ({"url": "https://acme.ilucca.net", "key": ""}, "Type the key that Lucca provides you"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_keeps_what_was_typed(
    activated: Space, ada: User, client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    response = client_of(ada).post(reverse("lucca_configuration"), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert f'value="{sent["url"]}"' in page or not sent["url"]
    assert not LuccaAccount.objects.exists()


def test_a_key_that_lucca_refuses_is_not_saved(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    response = client_of(ada).post(reverse("lucca_configuration"), {"url": simulator.url, "key": "wrong"})
    assert response.status_code == 422
    assert "Lucca refuses this key" in response.content.decode()
    assert not LuccaAccount.objects.exists()


def test_a_site_that_is_not_lucca_is_not_saved(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="html", status=200)
    response = client_of(ada).post(reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key})
    assert "What answers at this url is not Lucca" in response.content.decode()
    assert not LuccaAccount.objects.exists()


def test_a_lucca_that_cannot_be_reached_is_saved_with_a_warning(
    activated: Space, ada: User, client_of: ClientOf
) -> None:
    response = client_of(ada).post(
        reverse("lucca_configuration"), {"url": "http://127.0.0.1:9", "key": "k"}, follow=True
    )
    assert "Lucca does not answer at this url right now" in response.content.decode()
    assert LuccaAccount.objects.get().state == "unreachable"


def test_a_lucca_that_is_too_slow_is_saved_with_a_warning(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "TIMEOUT_SECONDS", 0.3)
    simulator.faults(kind="latency", seconds=2)
    response = client_of(ada).post(
        reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key}, follow=True
    )
    assert "Lucca does not answer at this url right now" in response.content.decode()
    assert LuccaAccount.objects.get().state == "unreachable"


def test_when_lucca_takes_no_more_calls_it_is_saved_and_said(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="throttle", count=1)
    response = client_of(ada).post(
        reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key}, follow=True
    )
    assert "Lucca takes no more calls for the moment" in response.content.decode()
    assert LuccaAccount.objects.exists()


def test_a_failure_is_said_in_french_to_a_french_reader(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=ada.pk).update(language="fr")
    response = client_of(ada).post(reverse("lucca_configuration"), {"url": simulator.url, "key": "wrong"})
    assert "Lucca refuse cette clé" in response.content.decode()


def test_a_saved_key_is_never_sent_to_another_host(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    response = client_of(ada).post(
        reverse("lucca_configuration"), {"url": "https://other.ilucca.net", "key": "", "other_lucca": "on"}
    )
    assert response.status_code == 422
    assert "Type the key that Lucca provides you for this account." in response.content.decode()


def test_an_owner_types_the_key_again_where_the_one_that_opened_it_was_lost(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf, settings: Settings
) -> None:
    settings.CARDS_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    call_command("rotate_keys", forget=True, stdout=StringIO())
    client, here = client_of(ada), reverse("lucca_configuration")
    assert "Leave empty to keep it" not in client.get(here).content.decode()
    response = client.post(here, {"url": simulator.url, "key": ""})
    assert "Type the key that Lucca provides you for this account." in response.content.decode()
    assert client.post(here, {"url": simulator.url, "key": simulator.key}).status_code == 302
    assert "Leave empty to keep it" in client.get(here).content.decode()


@pytest.mark.requirement("R9")
def test_another_lucca_asks_for_confirmation(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    response = client_of(ada).post(reverse("lucca_configuration"), {"url": "http://127.0.0.1:9", "key": "k"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "This is another Lucca account" in page
    assert "The saved key is that of another Lucca account: type the key of this one." in page
    assert "Leave empty to keep it" not in page
    sent = {"url": "http://127.0.0.1:9", "key": "k", "other_lucca": "on"}
    assert client_of(ada).post(reverse("lucca_configuration"), sent).status_code == 302
    assert LuccaAccount.objects.get().host == "127.0.0.1:9"


@pytest.mark.requirement("R10", "R76")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "unauthorized"}, "Lucca no longer accepts the saved key"),
        ({"kind": "error", "status": 404}, "what answers at this url is not Lucca"),
    ],
)
def test_statistics_are_switched_off_also_when_lucca_takes_the_key_no_more(
    world: World, client_of: ClientOf, fault: dict[str, Any], words: str
) -> None:
    world.simulator.faults(**fault)
    client = client_of(world.ada)
    sent = {"url": world.simulator.url, "key": "", "e_score": "e_note"}
    assert words in client.post(reverse("lucca_configuration"), sent, follow=True).content.decode()
    assert not StatisticsSettings.objects.get().is_on


def test_two_who_save_the_first_connection_at_once_both_succeed(
    activated: Space, simulator: Simulator, ada: User
) -> None:
    address = address_of(simulator.url, also_allowed=["127.0.0.1"])
    for _ in range(2):
        assert connect.save(activated, None, address, simulator.key, by=ada) is connect.Connection.WORKS
    assert LuccaAccount.objects.count() == 1


def test_a_key_that_was_erased_while_lucca_was_asked_does_not_come_back(
    account: LuccaAccount, simulator: Simulator, acme: Space, ada: User
) -> None:
    asked = LuccaAccount.objects.get()
    connect.disconnect(account, by=ada)
    with pytest.raises(SealBrokenError):
        connect.save(acme, asked, address_of(simulator.url, also_allowed=["127.0.0.1"]), None, by=ada)
    assert not LuccaAccount.objects.exists()


@pytest.mark.requirement("R9")
def test_who_mistyped_the_url_corrects_it_and_sees_everybody(
    activated: Space, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    client.post(reverse("lucca_configuration"), {"url": "http://127.0.0.1:9", "key": simulator.key})
    waiting = Run.objects.get()
    work_on(waiting.pk, waiting.task_id)
    sent = {"url": simulator.url, "key": simulator.key, "is_on": "on"}
    assert client.post(reverse("lucca_configuration"), sent).status_code == 302
    work()
    page = text_of(client, "lucca_users")
    assert "40 collaborators" in page
    assert "another Lucca account" not in page
    assert LuccaAccount.objects.get().statistics.is_on


@pytest.mark.requirement("R13")
def test_a_silent_lucca_is_said_and_asked_at_once_by_whoever_wishes(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="error")
    client = client_of(ada)
    reading = sync.refresh(account, by=ada)
    work_on(reading.pk, reading.task_id)
    reading.refresh_from_db()
    planned = sync.plan_import(account, by=ada, options=ImportOptions())
    work_on(planned.pk, planned.task_id)
    for name, args in (
        ("lucca_users", ()),
        ("lucca_departments", ()),
        ("lucca_quality", ()),
        ("lucca_run", (planned.pk,)),
    ):
        assert "Lucca does not answer; it is asked again at" in text_of(client, name, *args)
    assert "Lucca does not answer: nothing is read or sent." in text_of(client, "home")
    LuccaAccount.objects.update(refreshed_at=clock.now())
    assert re.search(r"As of \S+ \S+ · Lucca does not answer", text_of(client, "lucca_users"))
    simulator.clear_faults()
    client.post(reverse("lucca_refresh"), {"tab": "quality"})
    put_off, reading = reading, Run.objects.get(pk=reading.pk)
    assert reading.next_at < put_off.next_at
    work_on(reading.pk, reading.task_id)
    assert "Lucca does not answer" not in text_of(client, "lucca_users")
    assert "Lucca does not answer" not in text_of(client, "home")


# --- collaborators ----------------------------------------------------------------------------------


@pytest.mark.requirement("R14")
def test_the_tab_lists_the_collaborators_present_in_lucca(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = text_of(client_of(ada), "lucca_users")
    for employee in DirectoryEmployee.objects.order_by("sort_key", "pk")[:40]:
        assert employee.email in page
    assert "40 collaborators" in page


def test_the_list_is_searched_without_accents_and_filtered_by_state_and_department(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    employee = next(iter(simulator.company.employees.values()))
    DirectoryEmployee.objects.filter(lucca_id=str(employee.id)).update(search_key="zoe lefevre zoe@acme.example")
    client = client_of(ada)
    assert employee.mail in text_of(client, "lucca_users", search="Lefèvre ZOÉ")
    assert "Nobody matches" in text_of(client, "lucca_users", search="nobody at all")
    assert "Nobody matches" in text_of(client, "lucca_users", state="imported")
    department = DirectoryEmployee.objects.exclude(department_lucca_id="").first()
    assert department is not None
    page = text_of(client, "lucca_users", department=department.department_lucca_id)
    expected = DirectoryEmployee.objects.filter(department_lucca_id=department.department_lucca_id).count()
    assert page.count('class="row-main"') == expected


def offers(page: str) -> list[str]:
    """The employees that the page offers to import alone."""
    return re.findall(r'formaction="/integrations/lucca/users/(\d+)/import/"', page)


@pytest.mark.requirement("R16", "R17", "R19", "R25")
def test_each_row_says_how_the_collaborator_stands(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf, import_all: Callable[..., Run]
) -> None:
    simulator.reset(employees=240, with_faults=True)
    reading(account, ada)
    client = client_of(ada)
    counts = simulator.state()["counts"]
    importable = text_of(client, "lucca_users", state="not_imported")
    assert len(offers(importable)) == importable.count('class="row-main"') > 0
    for state, words, number in [
        ("no_email", "No e-mail", counts["without_mail"]),
        ("doubled", "Same e-mail twice", counts["with_doubled_mail"]),
        ("left", "Left", counts["former_employees"]),
    ]:
        page = text_of(client, "lucca_users", state=state)
        assert page.count('class="row-main"') == number
        assert words in page
        assert not offers(page)
    import_all(account)
    imported = text_of(client, "lucca_users", state="imported")
    assert "Imported" in imported
    assert f"{Link.objects.count()} imported" in imported
    assert not offers(imported)


@pytest.mark.requirement("R14", "R25")
def test_who_was_imported_and_has_left_or_has_another_e_mail_now_is_listed_with_that_word(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: Callable[..., Run]
) -> None:
    import_all(directory)
    leaver, renamed, one, other = list(simulator.company.employees.values())[:4]
    client, former = client_of(ada), renamed.mail
    assert "Has left the company." not in text_of(client, "lucca_users")
    leaver.ends_on, renamed.mail = clock.today("Europe/Paris") - timedelta(days=1), "corrected@acme.example"
    other.mail = one.mail
    reading(directory, ada)
    page = text_of(client, "lucca_users", state="imported")
    assert page.count("Has left the company. The account stays as it is.") == 1
    assert page.count("Give each collaborator an e-mail of their own in Lucca, then refresh.") == 2
    assert page.count("The e-mail in Cards is ") == page.count(f"The e-mail in Cards is {former}.") == 1
    row = DirectoryEmployee.objects.get(lucca_id=str(leaver.id))
    assert "Has left the company. The account stays as it is." in text_of(client, "lucca_person", row.pk)


def test_the_tab_costs_as_many_queries_for_two_hundred_people_as_for_forty(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = []
    for people in (40, 240):
        simulator.reset(employees=people, with_faults=True)
        sync.refresh(account, by=ada)
        work()
        client = client_of(ada)
        client.get(reverse("lucca_users"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("lucca_users"))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.requirement("R19", "R20")
def test_importing_one_from_the_list_makes_the_row_say_so(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    employee = DirectoryEmployee.objects.first()
    assert employee is not None
    client = client_of(ada)
    response = client.post(reverse("lucca_import_user", args=[employee.pk]), OPTIONS, headers={"HX-Request": "true"})
    assert "Being imported" in response.content.decode()
    work()
    run = Run.objects.get(kind=sync.IMPORT_USER)
    row = text_of(client, "lucca_import_user_row", employee.pk, run.pk)
    assert "Imported" in row
    assert "1 imported" in row


@pytest.mark.parametrize("address", ["lucca_import_user_row", "lucca_import_department_row"])
def test_a_row_is_told_of_an_import_alone(address: str, world: World, client_of: ClientOf) -> None:
    of = DirectoryEmployee if address == "lucca_import_user_row" else DirectoryDepartment
    row, push = of.objects.first(), world.send()
    assert row is not None
    assert client_of(world.ada).get(reverse(address, args=[row.pk, push.pk])).status_code == 404


def chosen(page: str) -> dict[str, str]:
    """What is ticked in the options panel."""
    return dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', page))


@pytest.mark.requirement("R20", "R36", "R37")
@pytest.mark.parametrize("begin", ["lucca_import_users", "lucca_import_departments"])
def test_the_panel_of_either_tab_shows_what_was_chosen_last_and_not_what_was_refused(
    directory: LuccaAccount, ada: User, eli: User, client_of: ClientOf, begin: str
) -> None:
    client, other = client_of(ada), client_of(eli)
    at_first, wished = OPTIONS, {"notify": "yes", "connection_mode": "sso"}
    for is_possible in (False, True):
        Space.objects.update(sso_is_active=is_possible)
        client.post(reverse(begin), wished)
        for tab in ("lucca_users", "lucca_departments"):
            assert chosen(text_of(client, tab)) == (wished if is_possible else at_first)
            assert chosen(text_of(other, tab)) == at_first


@pytest.mark.requirement("R18", "R20", "R21")
def test_importing_all_shows_the_plan_and_starts_only_on_a_persons_word(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    response = client.post(reverse("lucca_import_users"), OPTIONS | {"notify": "yes"})
    run = Run.objects.get(kind=sync.IMPORT_USERS)
    assert response.headers["Location"] == reverse("lucca_run", args=[run.pk])
    work()
    page = text_of(client, "lucca_run", run.pk)
    assert "Nothing has been done yet" in page
    assert "40 people will be invited by e-mail." in page
    assert not Link.objects.exists()
    client.post(reverse("lucca_change_run", args=[run.pk, "start"]))
    work()
    report = text_of(client, "lucca_run", run.pk)
    assert "Account created" in report
    assert Mail.objects.count() == 40
    again = client.post(reverse("lucca_change_run", args=[run.pk, "start"]), follow=True)
    assert "It has already ended." in again.content.decode()


@pytest.mark.requirement("R15")
def test_the_plan_and_the_report_say_that_an_account_to_be_linked_is_deactivated(
    directory: LuccaAccount, acme: Space, ada: User, client_of: ClientOf
) -> None:
    first, second = DirectoryEmployee.objects.all()[:2]
    for employee in (first, second):
        closed = a_user(acme, employee.first_name, is_active=False)
        closed.email = employee.email
        closed.save()
    client = client_of(ada)
    client.post(reverse("lucca_import_user", args=[first.pk]), OPTIONS, headers={"HX-Request": "true"})
    work()
    single = Run.objects.get(kind=sync.IMPORT_USER)
    advice = "The account is deactivated, so this person cannot sign in. Activate it on the user’s page."
    assert advice in text_of(client, "lucca_import_user_row", first.pk, single.pk)
    client.post(reverse("lucca_import_users"), OPTIONS)
    work()
    run = Run.objects.get(kind=sync.IMPORT_USERS)
    plan = text_of(client, "lucca_run", run.pk)
    client.post(reverse("lucca_change_run", args=[run.pk, "start"]))
    work()
    report = text_of(client, "lucca_run", run.pk)
    for page in (plan, report):
        assert "1 existing account is deactivated" in page
        assert page.count(advice) == 1
    assert run.lines.filter(action="link", state=LineState.DONE).count() == 1
    assert not User.objects.filter(email=second.email, is_active=True).exists()


@pytest.mark.requirement("R21")
def test_invitations_of_a_cancelled_import_are_sent_or_not_as_a_person_says_even_those_of_a_later_day(
    simulator: Simulator,
    account: LuccaAccount,
    ada: User,
    client_of: ClientOf,
    import_cancelled: Callable[[LuccaAccount], Run],
) -> None:
    for employee in simulator.company.employees.values():
        employee.starts_on = clock.today("Europe/Paris") + timedelta(days=30)
    reading(account, ada)
    run = import_cancelled(account)
    page = text_of(client_of(ada), "lucca_run", run.pk)
    for words in ("They wait for your decision.", "Don’t send", "Send on the first day"):
        assert words in page
    client_of(ada).post(reverse("lucca_change_run", args=[run.pk, "send-mails"]))
    first_day = clock.today("Europe/Paris") + timedelta(days=30)
    assert {mail.release_at.date() for mail in Mail.objects.all() if mail.release_at} == {first_day}
    page = text_of(client_of(ada), "lucca_run", run.pk)
    assert "Don’t send" in page
    for words in ("They wait for your decision.", "Send on the first day"):
        assert words not in page


@pytest.mark.requirement("R18", "R31")
@pytest.mark.parametrize("begin", ["lucca_import_users", "lucca_import_departments"])
def test_two_owners_who_start_at_once_get_one_import_and_are_told(
    directory: LuccaAccount, acme: Space, ada: User, client_of: ClientOf, begin: str
) -> None:
    ines = a_user(acme, "Inès", Role.OWNER)
    plans = []
    for owner in (ada, ines):
        client_of(owner).post(reverse(begin), OPTIONS)
        work()
        plans.append(Run.objects.get(created_by=owner, state=RunState.DRAFT))
    first, second = (reverse("lucca_change_run", args=[plan.pk, "start"]) for plan in plans)
    client_of(ada).post(first)
    answer = client_of(ines).post(second, follow=True)
    assert answer.redirect_chain == [(reverse("lucca_run", args=[plans[0].pk]), 302)]
    assert "Ada Martin has just started this import. This is it; yours was not started." in answer.content.decode()
    again = client_of(ada).post(first, follow=True)
    assert "It has already been started." in again.content.decode()
    work()
    assert list(Run.objects.filter(state=RunState.FINISHED, kind=plans[0].kind)) == [plans[0]]
    assert not plans[1].lines.filter(state=LineState.DONE).exists()
    # Once it has ended, the other plan may be started; what was done meanwhile is not done again.
    client_of(ines).post(second)
    work()
    assert not plans[1].lines.filter(state=LineState.DONE).exists()
    assert Link.objects.count() == 40


@pytest.mark.parametrize("begin", ["lucca_import_users", "lucca_import_departments"])
def test_what_was_corrected_in_lucca_a_minute_ago_is_in_the_plan_made_anew(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf, begin: str
) -> None:
    corrected = next(iter(simulator.company.employees.values()))
    mail, corrected.mail = corrected.mail, None
    sync.refresh(directory, by=ada)
    work()
    client = client_of(ada)
    client.post(reverse(begin), OPTIONS | {"notify": "yes"})
    work()
    former = Run.objects.get(state=RunState.DRAFT)
    left_out = former.lines.filter(action="create")[0]
    tick(run=former, lines=former.lines.filter(pk=left_out.pk), ticked=False)
    corrected.mail = mail
    again = reverse("lucca_plan_again", args=[former.pk])
    # A double click is one wish.
    assert client.post(again).headers["Location"] == client.post(again).headers["Location"]
    work()
    plan = Run.objects.get(state=RunState.DRAFT)
    assert plan.options == former.options
    assert plan.lines.get(lucca_id=corrected.id, action="create").state == LineState.PLANNED
    assert [line.lucca_id for line in plan.lines.filter(state=LineState.UNTICKED)] == [left_out.lucca_id]
    assert plan.total == plan.lines.filter(state=LineState.PLANNED).count()
    former.refresh_from_db()
    assert former.state == RunState.EXPIRED
    assert again in text_of(client, "lucca_run", former.pk)


def test_a_plan_says_who_prepared_it_from_which_reading_and_until_when_it_holds(
    directory: LuccaAccount, ada: User, eli: User, client_of: ClientOf
) -> None:
    read_at = directory.refreshed_at
    assert read_at
    with clock.told(read_at + sync.OLD_FOR_AN_IMPORT):
        plan = planned(directory, ada)
    with clock.told(read_at + timedelta(minutes=6)):
        sync.refresh(directory, by=None)
        work()
    page = text_of(client_of(eli), "lucca_run", plan.pk)
    plan.refresh_from_db()
    assert plan.next_at
    with timezone.override(directory.space.time_zone):
        prepared, read = (date_format(localtime(at), "SHORT_DATETIME_FORMAT") for at in (plan.created_at, read_at))
        until = date_format(localtime(plan.next_at), "TIME_FORMAT")
    assert f"Prepared by Ada Martin, {prepared}." in page
    assert f"Lucca was read {read}." in page
    assert f"Valid until {until}." in page


def test_only_the_plan_of_an_import_of_everybody_is_made_anew(
    directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: Callable[..., Run]
) -> None:
    run = import_all(directory)
    undo = sync.plan_undo_of(run, by=ada)
    work()
    for other in (run, undo):
        client_of(ada).post(reverse("lucca_plan_again", args=[other.pk]))
    assert not Run.objects.filter(memory__has_key="instead_of").exists()


@pytest.mark.requirement("R24")
def test_sso_is_offered_only_where_the_space_has_it_and_the_server_refuses_it_otherwise(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    assert 'value="sso"' not in text_of(client, "lucca_users")
    response = client.post(reverse("lucca_import_users"), {"notify": "no", "connection_mode": "sso"})
    assert response.status_code == 422
    assert "This space has no SSO" in response.content.decode()
    assert not Run.objects.exclude(kind=sync.REFRESH).exists()
    Space.objects.update(sso_is_active=True)
    assert 'value="sso"' in text_of(client, "lucca_users")
    assert client.post(reverse("lucca_import_users"), {"notify": "no", "connection_mode": "sso"}).status_code == 302


def test_the_report_as_a_file_holds_every_line_and_no_formula(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf, import_all: Callable[..., Run]
) -> None:
    employee = next(iter(simulator.company.employees.values()))
    employee.first_name, employee.last_name = "=1+1", "Bel"
    run = import_all(account)
    response = client_of(ada).get(reverse("lucca_run_csv", args=[run.pk]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 41
    assert any(line.startswith("'=1+1 Bel;") for line in lines)


# --- who may --------------------------------------------------------------------------------------------


def addresses(account: LuccaAccount, by: User) -> list[tuple[str, str]]:
    """Every address of the integration with the ids of `account`: (method, path)."""
    run = planned(account, by)
    employee = DirectoryEmployee.objects.filter(account=account).first()
    assert employee is not None
    return [
        ("get", reverse("lucca_users")),
        ("post", reverse("lucca_refresh")),
        ("post", reverse("lucca_import_users")),
        ("post", reverse("lucca_import_user", args=[employee.pk])),
        ("get", reverse("lucca_import_user_row", args=[employee.pk, run.pk])),
        ("get", reverse("lucca_run", args=[run.pk])),
        ("get", reverse("lucca_run_csv", args=[run.pk])),
        ("post", reverse("lucca_plan_again", args=[run.pk])),
        *[
            ("post", reverse("lucca_change_run", args=[run.pk, wish]))
            for wish in ("pause", "resume", "send-mails", "withhold-mails", "cancel")
        ],
    ]


def test_lou_who_learns_sees_nothing_of_it(directory: LuccaAccount, ada: User, lou: User, client_of: ClientOf) -> None:
    client = client_of(lou)
    for method, path in [*addresses(directory, ada), ("get", reverse("lucca_configuration"))]:
        assert getattr(client, method)(path, OPTIONS).status_code == 403, path


@pytest.mark.requirement("R10")
def test_eli_who_edits_imports_but_does_not_configure(
    directory: LuccaAccount, ada: User, eli: User, client_of: ClientOf
) -> None:
    client = client_of(eli)
    for method, path in addresses(directory, ada):
        assert getattr(client, method)(path, OPTIONS).status_code in (200, 302), path
    assert client.get(reverse("lucca_configuration")).status_code == 403
    assert client.post(reverse("lucca_configuration"), {"url": "x", "key": "y"}).status_code == 403


def test_zoe_who_owns_another_space_finds_nothing_of_acme(
    directory: LuccaAccount, ada: User, zoe: User, client_of: ClientOf
) -> None:
    paths = addresses(directory, ada)
    client = client_of(zoe)
    for method, path in paths:
        assert getattr(client, method)(path, OPTIONS).status_code == 404, path
    from cards.integrations.catalogue.models import Activation

    Activation.objects.create(space=zoe.space, integration="lucca", activated_at=directory.created_at)
    LuccaAccount.objects.create(
        space=zoe.space, url="https://birch.ilucca.net", host="birch.ilucca.net", encrypted_key="", state="connected",
        checked_at=directory.checked_at, refreshed_at=directory.refreshed_at,
    )  # fmt: skip
    for method, path in paths:
        if "/runs/" in path or any(part.isdecimal() for part in path.split("/")):
            assert getattr(client, method)(path, OPTIONS).status_code == 404, path
    assert "acme.example" not in text_of(client, "lucca_users")


@pytest.mark.requirement("R5", "R6")
def test_without_activation_every_address_is_unknown(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    from cards.integrations.catalogue.models import Activation

    paths = addresses(directory, ada)
    Activation.objects.all().delete()
    client = client_of(ada)
    for method, path in [*paths, ("get", reverse("lucca_configuration")), ("get", reverse("lucca_home"))]:
        assert getattr(client, method)(path, OPTIONS).status_code == 404, path


def test_whose_session_ended_comes_back_to_where_they_were(directory: LuccaAccount) -> None:
    response = Client(SERVER_NAME="acme.example").get(reverse("lucca_users"))
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"?next={reverse('lucca_users')}")


def test_a_run_that_waits_says_so_and_a_stopped_one_says_why(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    run = sync.plan_import(directory, by=ada, options=ImportOptions())
    client = client_of(ada)
    assert "Preparing the import" in text_of(client, "lucca_run", run.pk)
    Run.objects.filter(pk=run.pk).update(state=RunState.WAITING)
    assert "begins when it has ended" in text_of(client, "lucca_run", run.pk)
    Run.objects.filter(pk=run.pk).update(state=RunState.STOPPED, reason="refused")
    assert "Lucca no longer accepts the key" in text_of(client, "lucca_run", run.pk)
