"""`/api/v3/users`: reading one collaborator or many (§2.7 of the evidence)."""

from lucca_simulator.collections_v3 import answer_collection, answer_help, answer_item
from lucca_simulator.company import Employee
from lucca_simulator.gate import Answer, Call
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.resources import Resources


def list_users(call: Call) -> Answer:
    """Those the key sees; people whose contract ended only with `formerEmployees=true` [D].

    Older documentation asked for them by a filter on dtContractEnd; that alone does not bring them here.
    """
    simulator = call.simulator
    today = simulator.today()
    asks_for_former = call.asks_for("formerEmployees")
    sees = call.key.sees
    people = [
        each
        for each in simulator.company.employees.values()
        if (asks_for_former or each.ends_on is None or not each.has_left(today)) and sees(each, today)
    ]
    kind = Resources(simulator, call.key, call.base_url).users
    return answer_collection(call, kind, people)


def read_user(call: Call) -> Answer:
    kind = Resources(call.simulator, call.key, call.base_url).users
    return answer_item(call, kind, visible_user(call))


def help_users(call: Call) -> Answer:
    return answer_help(call, Resources(call.simulator, call.key, call.base_url).users)


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
