"""The chapter of users: from the operator's activation to a learner who signs in with the password they chose."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from cards.integrations.lucca import apply
from cards.integrations.lucca.models import Link
from cards.people import sender
from cards.people.models import User
from cards.runs.engine import work_on
from cards.runs.models import Run
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.browser.watch import assert_accessible, look
from tests.conftest import PASSWORD, a_user
from tests.journeys.conftest import work


def text_of(mail: object) -> str:
    received = message_from_bytes(bytes(mail), policy=policy.default)  # type: ignore[call-overload]
    assert isinstance(received, EmailMessage)
    body = received.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.requirement(
    "R1", "R4", "R5", "R6", "R7", "R8", "R9", "R13", "R14", "R18", "R20", "R21", "R22", "R25", "R27"
)
def test_a_companys_collaborators_become_users_of_a_space(
    acme: Space,
    ada: User,
    oscar: User,
    simulator: Simulator,
    inbox: object,
    page_of: Callable[..., Page],
    context_of: Callable[..., BrowserContext],
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CARDS_PUBLIC_URL = f"http://{{host}}:{urlsplit(live_server.url).port}"
    simulator.reset(employees=240, with_faults=True)
    counts = simulator.state()["counts"]
    already = next(iter(simulator.company.employees.values()))
    known = a_user(acme, "Known")
    known.email = str(already.mail).upper()
    known.save()

    owner = page_of(ada)
    owner.goto("/integrations/")
    expect(owner.get_by_role("link", name="Contact us")).to_be_visible()
    expect(owner.get_by_role("link", name="Configuration")).to_have_count(0)

    operator = context_of(acme).new_page()
    operator.goto("/operator/")
    operator.get_by_label("E-mail").fill(oscar.email)
    operator.get_by_label("Password").fill(PASSWORD)
    operator.get_by_role("button", name="Sign in").click()
    operator.goto("/operator/catalogue/activation/add/")
    operator.get_by_label("Space").select_option(label="Acme")
    operator.get_by_label("Integration").select_option(label="Lucca")
    operator.get_by_role("button", name="Save", exact=True).click()
    expect(operator.get_by_text("Oscar Martin").first).to_be_visible()

    owner.goto("/integrations/")
    owner.get_by_role("link", name="Configuration").click()
    expect(owner.get_by_role("link", name="User Sync")).to_have_count(0)
    look(owner, "lucca-configuration-empty")
    owner.get_by_label("Url").fill(f"  {simulator.url}/  ")
    owner.get_by_label("Lucca key").fill(simulator.key)
    owner.get_by_role("region", name="Connection").get_by_role("button", name="Save").click()
    expect(owner.get_by_text("Saved. Cards is connected to Lucca.")).to_be_visible()
    assert_accessible(owner)
    look(owner, "lucca-configuration")

    owner.get_by_role("link", name="User Sync").click()
    work()
    expect(owner.get_by_text(f"{counts['listed_by_default']} collaborators")).to_be_visible()
    expect(owner.get_by_role("button", name=re.compile("^Import "))).not_to_have_count(0)
    assert_accessible(owner)
    look(owner, "lucca-users")
    for state, number in (("No e-mail", counts["without_mail"]), ("Same e-mail twice", counts["with_doubled_mail"])):
        expect(owner.get_by_label("State")).to_contain_text(f"{state} ({number})")

    owner.get_by_label("Yes").check()
    owner.get_by_role("button", name="Import all users").click()
    expect(owner.get_by_role("heading", name="Preparing the import")).to_be_visible()
    work()
    expect(owner.get_by_role("heading", name="What the import will do")).to_be_visible()
    assert not Link.objects.exists()
    assert_accessible(owner)
    look(owner, "lucca-plan")

    settings.CARDS_SLICE_SECONDS = 0
    monkeypatch.setattr(apply, "BATCH", 100)
    owner.get_by_role("button", name=re.compile("^Import [0-9]")).click()
    expect(owner.get_by_role("heading", name="Import under way")).to_be_visible()
    run = Run.objects.latest("pk")
    work_on(run.pk, run.task_id)
    expect(owner.get_by_text("100 of 213")).to_be_visible()
    look(owner, "lucca-run")
    work()
    expect(owner.get_by_role("heading", name="Report of the import")).to_be_visible()
    assert_accessible(owner)
    look(owner, "lucca-report")
    imported = Link.objects.count()
    assert imported == 240 - counts["without_mail"] - counts["with_doubled_mail"] - counts["former_employees"]
    assert Link.objects.filter(user=known).exists()

    owner.get_by_role("button", name="Send now").click()
    expect(owner.get_by_text("They are leaving now.")).to_be_visible()
    while sender.due().exists():
        sender.send_due()
    invited = inbox.accepted  # type: ignore[attr-defined]
    assert len(invited) == imported - 1 - counts["future_employees"]
    assert known.email not in inbox.recipients  # type: ignore[attr-defined]

    link = re.search(r"http://\S+/account/password/\S+", text_of(invited[0]))
    assert link
    learner = context_of(acme).new_page()
    learner.goto(link[0])
    for field in learner.get_by_label(re.compile("assword|passe")).all():
        field.fill("a brand new sentence")
    learner.locator("main form button[type=submit]").click()
    learner.goto("/account/login/")
    expect(learner.get_by_role("navigation")).not_to_have_count(0)
    with pytest.raises(AssertionError):
        expect(learner.get_by_role("link", name="Integrations")).to_be_visible(timeout=200)
