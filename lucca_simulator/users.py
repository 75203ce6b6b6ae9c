"""`/api/v3/users`: reading one collaborator or many, and looking for some (§2.7 of the evidence)."""

from dataclasses import replace

from lucca_simulator.collections_v3 import answer_collection, answer_help, answer_item
from lucca_simulator.company import Employee
from lucca_simulator.filters import has_words
from lucca_simulator.gate import Answer, Call
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.projection import Resource
from lucca_simulator.resources import Resources


def list_users(call: Call) -> Answer:
    return answer_collection(call, _users(call), _people(call))


def search_users(call: Call) -> Answer:
    """What Lucca's own pages ask: `clue=` words of a name, and each item as `{relevance, item}` [O FRONT].

    The rest of the query means what it means on the list; how Lucca weighs relevance is not known [?].
    """
    clue = call.asked("clue") or ""
    found = [each for each in _people(call) if has_words(f"{each.first_name} {each.last_name}", clue)]
    listed = replace(call, query=[(name, value) for name, value in call.query if name.lower() != "clue"])
    answer = answer_collection(listed, _users(call), found)
    shown = answer.payload["data"]
    if "items" in shown:
        shown["items"] = [{"relevance": 1, "item": each} for each in shown["items"]]
    return answer


def _people(call: Call) -> list[Employee]:
    """Those the key sees; people whose contract ended only with `formerEmployees=true` [D].

    Older documentation asked for them by a filter on dtContractEnd; that alone does not bring them here.
    """
    simulator = call.simulator
    everybody = simulator.company.employees.values()
    asks_for_former = call.asks_for("formerEmployees")
    if asks_for_former and call.key.sees_everybody:
        return list(everybody)
    today, sees = simulator.today(), call.key.sees
    return [
        each
        for each in everybody
        if (asks_for_former or each.ends_on is None or not each.has_left(today)) and sees(each, today)
    ]


def _users(call: Call) -> Resource[Employee]:
    return Resources(call.simulator, call.key, call.base_url).users


def read_user(call: Call) -> Answer:
    return answer_item(call, _users(call), visible_user(call))


def help_users(call: Call) -> Answer:
    return answer_help(call, _users(call))


def visible_user(call: Call) -> Employee:
    """The collaborator of the address.

    500 "User Not Found" is literally what Lucca documents [D]; see the switch.
    """
    number = call.parts["id"]
    simulator = call.simulator
    employee = simulator.company.employees.get(int(number)) if number.isascii() and number.isdigit() else None
    if employee is None or not call.key.sees(employee, simulator.today()):
        raise RefusedError(int(simulator.switches.unknown_user), "User Not Found")
    return employee
