"""Getting in."""

import pytest

from lucca_simulator.rights import Key
from tests.contract.tenant import USERS, Tenant

belief = pytest.mark.belief


@belief("A1", "D", "DOC legacy/authentication")
def test_the_header_lets_in(lucca: Tenant) -> None:
    """The key goes into the Authorization header as `lucca application=KEY`: no quotes, no Bearer."""
    assert lucca.get(USERS).status_code == 200
    assert lucca.get(USERS, authorization=f"Bearer {lucca.key}").status_code == 401
    assert lucca.get(USERS, authorization=f'lucca application="{lucca.key}"').status_code == 401


@belief("A2", "O", "SDK; older Lucca code writes `Lucca application=`")
def test_the_scheme_has_no_case(lucca: Tenant) -> None:
    """The case of the word `lucca` does not matter."""
    assert lucca.get(USERS, authorization=f"Lucca application={lucca.key}").status_code == 200


@belief("A3", "D", "DOC legacy/authentication; errors table")
def test_a_wrong_key_is_a_401(lucca: Tenant) -> None:
    """A key that is wrong or missing is answered by 401."""
    wrong = "lucca application=00000000-0000-0000-0000-000000000000"
    assert lucca.get(USERS, authorization=wrong).status_code == 401
    assert lucca.get(USERS, authorization=None).status_code == 401


@belief("A4", "O", "RDD: `authToken` is a reserved name of old code")
def test_the_query_carries_no_key(lucca: Tenant) -> None:
    """A key in the query string does not let in."""
    assert lucca.get(USERS, {"authToken": lucca.key}, authorization=None).status_code == 401


@belief("A5", "T", "CARDS, Kombo, Merge, Oyster: the box « Collaborators: View / create / edit users »")
def test_a_key_without_the_right_is_a_403(pretend: Tenant) -> None:
    """A key without the permission on collaborators is answered by 403, not 401."""
    assert pretend.simulator
    pretend.simulator.keys.keys.append(Key("Other", "another-key", may_use_collaborators=False))
    assert pretend.get(USERS, authorization="lucca application=another-key").status_code == 403


@belief("A6", "T", "Oyster, Merge: « See former employees », « See future employees »; DOC list-users")
def test_rights_narrow_silently(pretend: Tenant) -> None:
    """Who the key's role may not see is missing from the list without any sign."""
    assert pretend.simulator
    everyone = pretend.people({"formerEmployees": "true", "paging": "0,1000"})
    pretend.simulator.keys.keys[0] = Key("Cards", pretend.key, sees_former=False, sees_future=False)
    fewer = pretend.people({"formerEmployees": "true", "paging": "0,1000"})
    assert 0 < len(fewer) < len(everyone)
