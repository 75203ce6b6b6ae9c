"""The audit log on screen: in plain words, narrowed, a page at a time, for the owners of the space alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from cards import clock
from cards.audit.actions import record
from cards.people.models import Group, User
from cards.runs.kinds import kind_of
from cards.runs.models import Run
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]
PAGE = "/settings/audit-log/"

pytestmark = pytest.mark.django_db


def sentences(client: Client, **query: object) -> list[str]:
    """What the rows say, without their marks."""
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    rows = re.findall(r'<span class="act">(.*?)</span>', answer.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.fixture
def happened(acme: Space, ada: User, eli: User, lou: User, zoe: User) -> None:
    group = Group.objects.create(space=acme, name="Sales")
    acts = [
        (1, "signed_in", lou, f"user {lou.pk}", {"way": "password"}),
        (2, "lucca.statistics_switched_on", ada, "acme.ilucca.net", {}),
        (3, "role_changed", ada, f"user {eli.pk}", {"former": "learner", "role": "editor"}),
        (4, "members_added", eli, f"group {group.pk}", {"users": [lou.pk, ada.pk]}),
        (5, "user_changed", eli, "user 999999", {"changed": ["email", "last_name"]}),
        (6, "lucca.nights_stopped", None, "acme.ilucca.net", {}),
    ]
    for day, action, by, target, details in acts:
        with clock.told(datetime(2026, 11, day, 12, tzinfo=UTC)):
            record(action, space=acme, by=by, target=target, **details)  # type: ignore[arg-type]
    record("space_changed", space=zoe.space, by=zoe, target="birch")


def test_the_log_says_in_plain_words_who_did_what_the_latest_first(
    happened: None, ada: User, client_of: ClientOf
) -> None:
    assert sentences(client_of(ada)) == [
        "Cards stopped sending statistics at night, because Lucca refuses the key (acme.ilucca.net)",
        "Eli Martin changed the account of no. 999999, no longer there e-mail, last name",
        "Eli Martin added people to the group “Sales” 2 people",
        "Ada Martin gave Eli Martin another role Learner → Editor",
        "Ada Martin switched the statistics on",
        "Lou Martin signed in way in: E-mail and password",
    ]


def test_the_same_in_french(happened: None, ada: User, client_of: ClientOf) -> None:
    ada.language = "fr"
    ada.save()
    assert "Ada Martin a activé les statistiques" in sentences(client_of(ada))


def test_what_was_done_to_an_import_names_it_and_leads_there_while_it_is_kept(
    acme: Space, ada: User, zoe: User, client_of: ClientOf
) -> None:
    run, others = (
        Run.objects.create(
            space=space, kind="undo", state="cancelled", created_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
        )
        for space in (acme, zoe.space)
    )
    label = str(kind_of(run).label)
    record("run_cancelled", space=acme, by=ada, target=str(run.pk), kind=run.kind)
    record("lucca.import_started", space=acme, by=ada, target=f"run {run.pk}")
    record("run_cancelled", space=acme, by=ada, target=str(others.pk), kind=run.kind)
    record("integration_activated", space=acme, by=ada, target="lucca")
    assert sentences(client_of(ada)) == [
        "Ada Martin activated the integration Lucca",
        f"Ada Martin stopped or gave up: no. {others.pk}, no longer there what: {label}",
        f"Ada Martin imported from Lucca: {label} (1 November 2026)",
        f"Ada Martin stopped or gave up: {label} (1 November 2026)",
    ]
    page = client_of(ada).get(PAGE).content.decode()
    assert page.count(f"/runs/{run.pk}/") == 2
    assert f"/runs/{others.pk}/" not in page


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"q": "eli"}, [5, 4, 3]),
        ({"q": "ÉLI martin"}, [5, 4, 3]),
        ({"q": "nobody"}, []),
        ({"subject": "lucca"}, [6, 2]),
        ({"subject": "lucca", "q": "ada"}, [2]),
        ({"since": "2026-11-05"}, [6, 5]),
        ({"since": "2026-11-02", "until": "2026-11-03"}, [3, 2]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, [6, 5, 4, 3, 2, 1]),
        ({"since": "yesterday", "subject": "of wrath", "person": "x"}, [6, 5, 4, 3, 2, 1]),
        ({"person": "9" * 30}, [6, 5, 4, 3, 2, 1]),
    ],
)
def test_the_log_is_narrowed_by_person_kind_of_act_and_days_on_the_page_and_in_the_file(
    happened: None, ada: User, client_of: ClientOf, query: dict[str, str], days: list[int]
) -> None:
    client = client_of(ada)
    assert len(sentences(client, **query)) == len(days)
    answer = client.get("/settings/audit-log.csv", query)
    rows = b"".join(answer.streaming_content).decode().splitlines()[1:]  # type: ignore[attr-defined]
    assert [int(row[8:10]) for row in rows] == days


def test_from_a_person_s_page_one_reads_what_they_did_and_what_was_done_to_them(
    happened: None, ada: User, lou: User, client_of: ClientOf
) -> None:
    address = f"{PAGE}?person={lou.pk}"
    assert address in client_of(ada).get(f"/users/{lou.pk}/").content.decode()
    assert sentences(client_of(ada), person=lou.pk) == [
        "Eli Martin added people to the group “Sales” 2 people",
        "Lou Martin signed in way in: E-mail and password",
    ]


def test_a_long_log_is_read_a_page_at_a_time(acme: Space, ada: User, client_of: ClientOf) -> None:
    for number in range(60):
        record("group_created", space=acme, by=ada, target=f"group {number + 100}")
    client = client_of(ada)
    first = client.get(PAGE).content.decode()
    found = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert found
    assert (len(sentences(client)), len(re.findall('class="act"', client.get(PAGE + found[1]).content.decode()))) == (
        50,
        10,
    )


def test_whatever_the_log_speaks_of_nothing_of_another_space_gets_a_name(
    acme: Space, ada: User, zoe: User, client_of: ClientOf
) -> None:
    record("user_changed", space=acme, by=ada, target=f"user {zoe.pk}")
    assert sentences(client_of(ada)) == [f"Ada Martin changed the account of no. {zoe.pk}, no longer there"]
    assert sentences(client_of(ada), q="zoé") == []


def test_nobody_but_the_owner_reads_it(eli: User, lou: User, zoe: User, client_of: ClientOf) -> None:
    assert [client_of(user).get(PAGE).status_code for user in (eli, lou)] == [403, 403]
    assert sentences(client_of(zoe)) == []


def test_words_of_the_log_are_never_taken_for_marks(acme: Space, ada: User, client_of: ClientOf) -> None:
    group = Group.objects.create(space=acme, name="<b>Sales</b>")
    record("group_created", space=acme, by=ada, target=f"group {group.pk}", name="<i>x</i>")
    page = client_of(ada).get(PAGE).content.decode()
    assert "<b>Sales" not in page
    assert "<i>x" not in page
