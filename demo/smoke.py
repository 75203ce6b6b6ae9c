"""`make demo SMOKE=1`: the main job over HTTP, as a browser would do it, against the running demo."""

import imaplib
import json
import re
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, TypeVar
from urllib.request import urlopen

import httpx2

if TYPE_CHECKING:
    from demo.__main__ import Ports, Secrets

T = TypeVar("T")
PATIENCE_SECONDS = 60
NEW_PASSWORD = "a brand new sentence"  # noqa: S105 - of an invented person, in a demo


class SmokeError(Exception):
    """The main job did not go as it should; the message says where."""


def smoke(ports: "Ports", known: "Secrets") -> tuple[int, str]:
    """Connect, import with invitations, read one from the mailbox, sign in with it: exit status, and what was seen."""
    began = time.monotonic()
    try:
        seen = _main_job(ports, known)
    except (SmokeError, httpx2.HTTPError, OSError) as error:
        return 1, f"SMOKE FAILED: {error}"
    return 0, f"SMOKE OK: {seen}, in {time.monotonic() - began:.0f} s."


def _main_job(ports: "Ports", known: "Secrets") -> str:
    web = f"http://127.0.0.1:{ports.web}"
    with httpx2.Client(base_url=web, follow_redirects=True, timeout=20) as ada:
        _sign_in(ada, "ada@acme.example", known.password)
        page = _submit(
            ada, "/integrations/lucca/configuration/", url=f"http://127.0.0.1:{ports.lucca}", key=known.lucca_key
        )
        _expect("Saved. Cards is connected to Lucca." in page, "the connection was not saved")
        tab = _wait(lambda: _collaborators(ada), "the collaborators did not appear")
        page = _submit(
            ada, "/integrations/lucca/users/", "/integrations/lucca/users/import/", notify="yes",
            connection_mode="password",
        )  # fmt: skip
        run = _found(r"/integrations/lucca/runs/(\d+)/", page, "the plan has no page")
        path = f"/integrations/lucca/runs/{run}/"
        _wait(lambda: "Nothing has been done yet" in ada.get(path).text, "the plan did not come")
        _submit(ada, path, f"{path}start/")
        report = _wait(lambda: _if(ada.get(path).text, "Report of the import"), "the import did not end")
        created = _found(r'show=create[^"]*">([\d,]+)<', report, "the report has no number of accounts")
        linked = _found(r'show=link[^"]*">([\d,]+)<', report, "the report has no number of links")
        _submit(ada, path, f"{path}send-mails/")
        sent = _statistics(ada, ports)
    invitation = _wait(lambda: _one_mail(ports.imap), "no invitation came to the mailbox")
    learner = str(invitation["To"])
    link = _found(rf"({re.escape(web)}/account/password/\S+)", _text(invitation), "the invitation has no link")
    with httpx2.Client(base_url=web, follow_redirects=True, timeout=20) as guest:
        form = guest.get(link)
        answer = guest.post(
            form.url, data=_hidden(form.text) | {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        )
        _expect(answer.is_success, "the password could not be set")
    with httpx2.Client(base_url=web, follow_redirects=True, timeout=20) as guest:
        _sign_in(guest, learner, NEW_PASSWORD)
    with urlopen(f"http://127.0.0.1:{ports.lucca}/_simulator/journal", timeout=5) as answer_of_lucca:
        journal = json.load(answer_of_lucca)
    calls = len(journal["calls"] if isinstance(journal, dict) else journal)
    return (
        f"{tab} collaborators read, {created} accounts created and {linked} linked with {calls} calls to Lucca, "
        f"the results of {sent} sent and found on a file in Lucca, "
        "an invitation read from the mailbox, its password set and signed in with"
    )


def _statistics(ada: httpx2.Client, ports: "Ports") -> str:
    """Switch the synchronization on, send, and follow the link to a file in Lucca; how many people's results went."""
    lucca = f"http://127.0.0.1:{ports.lucca}"
    page = _submit(ada, "/integrations/lucca/configuration/", url=lucca, key="", is_on="on")
    _expect("The fields are ready in Lucca." in page, "the fields are not ready in Lucca")
    page = _submit(ada, "/integrations/lucca/statistics/", "/integrations/lucca/statistics/send/")
    path = _found(r"(/integrations/lucca/statistics/runs/\d+/)", page, "the sending has no page")
    report = _wait(lambda: _if(ada.get(path).text, "Report of the sending"), "the sending did not end")
    sent = _found(r'show=done[^"]*">([\d,]+)<', report, "the report has no number of people")
    person = ada.get(
        _found(r'"(/integrations/lucca/statistics/people/\d+/)"', report, "nobody's results were sent")
    ).text
    file = _found(rf'href="({re.escape(lucca)}/collaborators/\d+)"', person, "there is no link to the file in Lucca")
    shown = httpx2.get(file).text
    _expect(f'href="http://127.0.0.1:{ports.web}/t/' in shown, "the file in Lucca shows no training")
    return sent


def _sign_in(browser: httpx2.Client, email: str, password: str) -> None:
    page = _submit(browser, "/account/login/", login=email, password=password)
    _expect('action="/account/logout/"' in page, f"{email} could not sign in")


def _submit(browser: httpx2.Client, path: str, action: str = "", **fields: str) -> str:
    """Open the page at `path` and send a form of it, to `action` if it is another address; the page that answers."""
    form = browser.get(path)
    answer = browser.post(action or path, data=_hidden(form.text) | fields)
    if not answer.is_success:
        raise SmokeError(f"{action or path} answered {answer.status_code}")
    return f"{answer.url}\n{answer.text}"


def _hidden(page: str) -> dict[str, str]:
    token = _found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page, "a page has no form")
    return {"csrfmiddlewaretoken": token}


def _collaborators(ada: httpx2.Client) -> str:
    page = ada.get("/integrations/lucca/users/").text
    number = re.search(r"(\d+) collaborators", page)
    return number[1] if number and number[1] != "0" else ""


def _one_mail(imap_port: int) -> EmailMessage | None:
    with imaplib.IMAP4("127.0.0.1", imap_port) as mailbox:
        mailbox.login("test@example.org", "mailbox")
        mailbox.select("INBOX", readonly=True)
        _status, found = mailbox.search(None, "ALL")
        numbers = found[0].split() if found and found[0] else []
        if not numbers:
            return None
        _status, parts = mailbox.fetch(numbers[0].decode(), "(BODY.PEEK[])")
    received = next((part[1] for part in parts if isinstance(part, tuple)), None)
    return message_from_bytes(received, policy=policy.default) if received else None


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _if(page: str, words: str) -> str:
    return page if words in page else ""


def _wait(ask: Callable[[], T | None], otherwise: str) -> T:
    """What `ask` gives as soon as it gives something; SmokeError with `otherwise` when it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if got := ask():
            return got
        time.sleep(0.3)
    raise SmokeError(otherwise)


def _found(pattern: str, text: str, otherwise: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SmokeError(otherwise)
    return match[1]


def _expect(is_so: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not is_so:
        raise SmokeError(otherwise)
