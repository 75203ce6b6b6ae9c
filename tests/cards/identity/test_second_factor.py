"""The second factor: set up, asked for on every way in, each code once, taken away by whoever may."""

import re
from collections.abc import Callable
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from cards.audit.models import Entry
from cards.identity import second_factor
from cards.identity.models import RecoveryCode, SecondFactor
from cards.people.letters import password_link
from cards.people.models import ConnectionMode, Role, User
from cards.seal import unseal
from cards.spaces.models import Space
from tests.cards.identity.conftest import Phone
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]
PhoneOf = Callable[[User], Phone]

pytestmark = pytest.mark.django_db

ASK = "/account/second-factor/sign-in/"


def with_password(user: User, door: str = "/account/login/", **extra: str) -> Client:
    """A browser that has typed the right password."""
    client = Client(SERVER_NAME=user.space.host if user.space else "acme.example", **extra)
    answer = client.post(door, {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, ASK)
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def test_it_is_set_up_with_the_password_and_the_first_code(ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert client.post("/account/second-factor/", {"present_password": "wrong"}).status_code == 422
    assert not SecondFactor.objects.exists()
    client.post("/account/second-factor/", {"present_password": PASSWORD})
    page = client.get("/account/second-factor/set-up/").content.decode()
    assert 'src="data:image/svg+xml' in page
    secret = unseal(SecondFactor.objects.get().encrypted_secret)
    assert secret in page.replace(" ", "")
    assert client.post("/account/second-factor/set-up/", {"code": "000000"}).status_code == 422
    assert not second_factor.has_one(ada)
    page = client.post("/account/second-factor/set-up/", {"code": Phone(ada).code()}).content.decode()
    codes = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", page)
    assert len(codes) == RecoveryCode.objects.filter(user=ada).count() == 10
    assert "%0A".join(codes) in page
    assert "second_factor_set_up" in actions()
    for address in ("/account/second-factor/set-up/", "/account/second-factor/", "/account/"):
        assert codes[0] not in client.get(address, follow=True).content.decode()


def test_neither_the_secret_nor_a_recovery_code_is_kept_in_clear(ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    client.post("/account/second-factor/", {"present_password": PASSWORD})
    secret = unseal(SecondFactor.objects.get().encrypted_secret)
    client.get("/account/second-factor/set-up/")
    page = client.post("/account/second-factor/set-up/", {"code": Phone(ada).code()}).content.decode()
    code = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", page)[0]
    kept = StringIO()
    call_command("dumpdata", "identity", "audit", stdout=kept)
    seen = kept.getvalue() + str(dict(client.session.items()))
    assert secret not in seen
    assert code not in seen
    assert code.replace("-", "") not in seen


def test_the_secret_is_sealed_anew_with_the_others(ada: User, phone_of: PhoneOf, settings: Settings) -> None:
    phone = phone_of(ada)
    old, new = settings.CARDS_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.CARDS_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_keys", stdout=StringIO())
    settings.CARDS_ENCRYPTION_KEYS = [new]
    assert second_factor.accepts(ada, phone.code())


def test_where_the_key_of_the_server_is_lost_a_recovery_code_still_lets_in(
    ada: User, phone_of: PhoneOf, settings: Settings
) -> None:
    phone = phone_of(ada)
    code, recovery = phone.code(), second_factor.renew_recovery_codes(ada)[0]
    settings.CARDS_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert second_factor.accepts(ada, code) is None
    assert second_factor.accepts(ada, recovery) == second_factor.Proof.RECOVERY_CODE


def test_beginning_again_does_not_replace_one_that_is_in_use(ada: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone = phone_of(ada)
    before = SecondFactor.objects.get()
    client_of(ada).post("/account/second-factor/", {"present_password": PASSWORD})
    assert SecondFactor.objects.get().encrypted_secret == before.encrypted_secret
    assert second_factor.accepts(ada, phone.code())


def test_the_password_alone_no_longer_lets_in(ada: User, phone_of: PhoneOf) -> None:
    phone = phone_of(ada)
    client = with_password(ada)
    assert not is_in(client)
    assert client.get("/users/").status_code == 302
    for wrong in ("123", ""):
        assert client.post(ASK, {"code": wrong}).status_code == 422
    assert not is_in(client)
    answer = client.post(ASK, {"code": phone.code()})
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/", True)
    assert actions()[-2:] == ["second_factor_failed", "signed_in"]


def test_signing_in_leads_back_to_the_page_that_was_asked_for_and_to_no_other_site(
    ada: User, phone_of: PhoneOf
) -> None:
    phone = phone_of(ada)
    for ahead, (wish, place) in enumerate((("/users/", "/users/"), ("https://evil.example/", "/"))):
        client = with_password(ada, f"/account/login/?next={wish}")
        assert client.post(f"{ASK}?next=https://evil.example/", {"code": phone.code(ahead)})["Location"] == place


def test_a_code_counts_once(ada: User, phone_of: PhoneOf) -> None:
    phone = phone_of(ada)
    code = phone.code()
    first, second = with_password(ada), with_password(ada)
    first.post(ASK, {"code": code})
    second.post(ASK, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    # Nor does the one before it, though the clock of the phone might be behind.
    second.post(ASK, {"code": phone.code(-1)})
    assert not is_in(second)
    second.post(ASK, {"code": phone.code(1)})
    assert is_in(second)


def test_a_recovery_code_counts_once(ada: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone_of(ada)
    code = second_factor.renew_recovery_codes(ada)[0]
    first, second = with_password(ada), with_password(ada)
    first.post(ASK, {"code": code.upper().replace("-", " ")})
    second.post(ASK, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "recovery_code_used" in actions()
    assert "9 codes are left" in first.get("/account/second-factor/").content.decode()


def test_new_recovery_codes_put_an_end_to_the_former_ones(ada: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone_of(ada)
    former = second_factor.renew_recovery_codes(ada)
    client = client_of(ada)
    assert client.post("/account/second-factor/recovery-codes/", {"present_password": "wrong"}).status_code == 422
    assert client.post("/account/second-factor/recovery-codes/", {"present_password": PASSWORD}).status_code == 200
    assert not second_factor.accepts(ada, former[1])


def test_a_mailed_link_does_not_go_around_it(ada: User, phone_of: PhoneOf) -> None:
    phone = phone_of(ada)
    client = Client(SERVER_NAME="acme.example")
    path = "/" + password_link(ada.space, ada).split("/", 3)[3]  # type: ignore[arg-type]
    form = client.get(path)["Location"]
    new = {"new_password1": "another long one", "new_password2": "another long one"}
    assert client.post(form, new)["Location"] == ASK
    assert not is_in(client)
    client.post(ASK, {"code": phone.code()})
    assert is_in(client)


def test_an_operator_is_asked_for_it_too(oscar: User, acme: Space, phone_of: PhoneOf) -> None:
    phone = phone_of(oscar)
    client = with_password(oscar, "/operator/login/")
    assert client.get("/operator/").status_code == 302
    answer = client.post(ASK, {"code": phone.code()})
    assert (answer["Location"], client.get("/operator/").status_code) == ("/operator/", 200)


def test_the_second_step_without_the_first_leads_to_the_first(ada: User, phone_of: PhoneOf) -> None:
    phone = phone_of(ada)
    client = Client(SERVER_NAME="acme.example")
    assert client.post(ASK, {"code": phone.code()})["Location"] == "/account/login/"
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "connection_mode", "is_active", "host"])
def test_what_was_proved_no_longer_counts_when_the_account_changed(
    change: str, ada: User, birch: Space, phone_of: PhoneOf
) -> None:
    phone = phone_of(ada)
    client = with_password(ada)
    if change == "password":
        ada.set_password("another long one")
    elif change == "connection_mode":
        ada.connection_mode = ConnectionMode.SSO
    elif change == "is_active":
        ada.is_active = False
    ada.save()
    host = "birch.example" if change == "host" else "acme.example"
    client.post(ASK, {"code": phone.code()}, SERVER_NAME=host)
    assert not is_in(client)


def test_guessing_is_stopped_for_the_guesser_and_not_for_its_owner(ada: User, phone_of: PhoneOf) -> None:
    phone = phone_of(ada)
    guesser = with_password(ada, REMOTE_ADDR="203.0.113.7")
    tried = [guesser.post(ASK, {"code": "000000"}).status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]
    assert guesser.post(ASK, {"code": phone.code()}).status_code == 429
    again = with_password(ada, REMOTE_ADDR="203.0.113.7")
    assert again.post(ASK, {"code": phone.code()}).status_code == 429
    owner = with_password(ada, REMOTE_ADDR="198.51.100.4")
    owner.post(ASK, {"code": phone.code()})
    assert is_in(owner)


def test_guessing_from_everywhere_is_stopped_for_the_account(ada: User, phone_of: PhoneOf, settings: Settings) -> None:
    phone = phone_of(ada)
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"second_factor_everywhere": "3/h/key"}
    clients = [with_password(ada, REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
    assert [client.post(ASK, {"code": "000000"}).status_code for client in clients] == [422, 422, 422, 429]
    assert clients[0].post(ASK, {"code": phone.code()}).status_code == 429


def test_its_owner_turns_it_off_with_the_password(ada: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone_of(ada)
    client = client_of(ada)
    assert client.post("/account/second-factor/off/", {"present_password": "wrong"}).status_code == 422
    assert second_factor.has_one(ada)
    client.post("/account/second-factor/off/", {"present_password": PASSWORD})
    assert not second_factor.has_one(ada)
    assert not RecoveryCode.objects.exists()
    assert actions()[-1] == "second_factor_turned_off"


def test_typing_the_password_again_cannot_be_tried_without_end(ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    for _ in range(5):
        client.post("/account/second-factor/", {"present_password": "wrong"})
    page = client.post("/account/second-factor/", {"present_password": PASSWORD}).content.decode()
    assert "Too many attempts" in page
    assert not SecondFactor.objects.exists()


def test_an_owner_resets_that_of_somebody_who_lost_their_phone(
    ada: User, eli: User, phone_of: PhoneOf, client_of: ClientOf
) -> None:
    phone_of(eli)
    client = client_of(ada)
    assert "Reset two-step sign-in" in client.get(f"/users/{eli.pk}/").content.decode()
    assert client.get(f"/users/{eli.pk}/second-factor/reset/").status_code == 200
    client.post(f"/users/{eli.pk}/second-factor/reset/")
    assert not second_factor.has_one(eli)
    entry = Entry.objects.get(action="second_factor_reset")
    assert (entry.actor, entry.target) == (ada, f"user {eli.pk}")


def test_nobody_but_an_owner_of_the_space_resets_it(
    ada: User, eli: User, lou: User, zoe: User, phone_of: PhoneOf, client_of: ClientOf
) -> None:
    phone_of(ada)
    answers = {
        user.first_name: client_of(user).post(f"/users/{ada.pk}/second-factor/reset/").status_code
        for user in (eli, lou, zoe)
    }
    assert answers == {"Eli": 403, "Lou": 403, "Zoé": 404}
    assert second_factor.has_one(ada)


def test_nobody_resets_their_own_without_the_password(ada: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone_of(ada)
    page = client_of(ada).post(f"/users/{ada.pk}/second-factor/reset/", follow=True).content.decode()
    assert "under “My account”" in page
    assert second_factor.has_one(ada)


def test_the_operator_resets_an_owner_s(ada: User, oscar: User, phone_of: PhoneOf, client_of: ClientOf) -> None:
    phone_of(ada)
    client = client_of(oscar)
    chosen = {"action": "reset_second_factor", "_selected_action": [str(ada.pk)]}
    client.post("/operator/people/user/", chosen)
    assert not second_factor.has_one(ada)
    assert Entry.objects.get(action="second_factor_reset").actor == oscar


def test_whoever_runs_the_server_resets_an_operator_s(oscar: User, phone_of: PhoneOf) -> None:
    phone_of(oscar)
    out = StringIO()
    call_command("reset_second_factor", oscar.email, stdout=out)
    assert not second_factor.has_one(oscar)
    assert Entry.objects.get(action="second_factor_reset").actor is None


def test_a_space_may_demand_it_of_owners_and_editors(
    acme: Space, ada: User, eli: User, lou: User, phone_of: PhoneOf, client_of: ClientOf
) -> None:
    client = client_of(ada)
    wanted = {"name": "Acme", "language": "en", "second_factor_is_required": "on"}
    client.post("/settings/", wanted)
    assert Entry.objects.get(action="space_changed").details["now"] == {"second_factor_is_required": True}
    for user in (ada, eli):
        answer = client_of(user).get("/users/")
        assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/")
        fragment = client_of(user).get("/users/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == "/account/second-factor/"
    assert "must use two-step sign-in" in client.get("/account/second-factor/").content.decode()
    assert client_of(lou).get("/").status_code == 200
    phone_of(ada)
    assert client.get("/users/").status_code == 200


def test_whoever_signs_in_by_sso_is_asked_for_none(acme: Space, eli: User, client_of: ClientOf) -> None:
    Space.objects.filter(pk=acme.pk).update(sso_is_active=True, second_factor_is_required=True)
    eli.connection_mode = ConnectionMode.SSO
    eli.save()
    client = Client(SERVER_NAME="acme.example")
    client.force_login(eli, backend="cards.people.backend.SsoBackend")
    assert client.get("/users/").status_code == 200
    page = client.get("/account/").content.decode()
    assert "your company’s" in page
    assert client.get("/account/second-factor/")["Location"] == "/account/"


def test_the_host_may_demand_it_of_operators(oscar: User, settings: Settings, client_of: ClientOf) -> None:
    settings.CARDS_OPERATORS_NEED_SECOND_FACTOR = True
    client = client_of(oscar)
    for address in ("/operator/", "/operator/people/user/"):
        assert client.get(address)["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200
    assert client.post("/operator/logout/").status_code == 302


def test_learners_are_offered_none(lou: User, client_of: ClientOf) -> None:
    client = client_of(lou)
    assert "Two-step" not in client.get("/account/").content.decode()
    assert client.post("/account/second-factor/", {"present_password": PASSWORD})["Location"] == "/account/"
    assert not SecondFactor.objects.exists()


def test_somebody_who_became_a_learner_is_still_asked_and_may_turn_it_off(
    eli: User, phone_of: PhoneOf, client_of: ClientOf
) -> None:
    phone_of(eli)
    User.objects.filter(pk=eli.pk).update(role=Role.LEARNER)
    with_password(eli)
    client = client_of(User.objects.get(pk=eli.pk))
    client.post("/account/second-factor/off/", {"present_password": PASSWORD})
    assert not second_factor.has_one(eli)
