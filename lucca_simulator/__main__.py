"""`python -m lucca_simulator`: the pretend Lucca as a program. Every switch is a flag."""

import argparse
import sys
from typing import Any

from lucca_simulator import faults
from lucca_simulator.limits import Limits
from lucca_simulator.rights import Key
from lucca_simulator.server import address_of, listen, serve
from lucca_simulator.simulator import DEFAULT_KEY, Options, Simulator
from lucca_simulator.switches import Switches, choices, explanations

TAKEN_PORT = 2


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lucca_simulator", description="A pretend Lucca, for this machine only.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="a loopback address (default %(default)s)")
    add("--port", type=int, default=8001, help="default %(default)s; 0 picks a free one")
    add("--api-key", default=DEFAULT_KEY, help="the secret of the first key (default %(default)s)")
    company = parser.add_argument_group("the company")
    company.add_argument("--employees", type=int, default=240, help="default %(default)s")
    company.add_argument("--departments", type=int, default=14, help="default %(default)s")
    company.add_argument("--seed", type=int, default=1, help="the same seed makes the same company (default 1)")
    company.add_argument("--without-faults", action="store_true", help="a company without the faults of real life")
    company.add_argument("--with-trainings", action="store_true", help="with the section and data of the trainings")
    _add_limits(parser)
    _add_faults(parser)
    switches = parser.add_argument_group("switches: what nobody outside knows about Lucca")
    says = explanations()
    for name, positions in choices().items():
        flag = f"--{name.replace('_', '-')}"
        text = f"{says[name]} (default {positions[0]})".replace("%", "%%")
        switches.add_argument(flag, dest=f"switch_{name}", choices=positions, default=positions[0], help=text)
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("limits")
    add = limits.add_argument
    known = Limits()
    add(
        "--calls-per-minute",
        type=int,
        default=50,
        help="calls in a window, 0 for no limit (default %(default)s)",
    )
    add("--window-seconds", type=float, default=60.0, help="the length of that window (default %(default)s)")
    add("--neighbour", type=float, default=0.0, help="calls a minute that other tools take from the budget")
    add("--request-seconds", type=float, default=known.request_seconds, help="longest call before 408")
    add("--body-bytes", type=int, default=known.body_bytes, help="largest body before 413")
    add("--header-bytes", type=int, default=known.header_bytes, help="largest headers before 431")
    add("--address-bytes", type=int, default=known.address_bytes, help="longest address before 431, 0 for any")


def _add_faults(parser: argparse.ArgumentParser) -> None:
    troubles = parser.add_argument_group("faults", "Kinds: " + "; ".join(f"{k}: {v}" for k, v in faults.KINDS.items()))
    add = troubles.add_argument
    add("--latency", type=float, default=0.0, help="seconds that every answer takes")
    add("--clock-skew", type=float, default=0.0, help="seconds by which Lucca's clock is ahead")
    example = "kind=reset,route=/api/v3/users/*,method=PUT,moment=after,skip=2,count=1,probability=0.5,seed=7"
    add(
        "--fault",
        action="append",
        default=[],
        type=faults.parse,
        metavar="FAULT",
        help=f"for instance {example}",
    )


def options_of(arguments: argparse.Namespace) -> Options:
    values: dict[str, Any] = vars(arguments)
    return Options(
        employees=arguments.employees,
        departments=arguments.departments,
        seed=arguments.seed,
        with_faults=not arguments.without_faults,
        with_trainings=arguments.with_trainings,
        calls_per_minute=arguments.calls_per_minute,
        window_seconds=arguments.window_seconds,
        neighbour=arguments.neighbour,
        latency=arguments.latency,
        clock_skew=arguments.clock_skew,
        key=Key("Cards", arguments.api_key),
        switches=Switches(**{name: values[f"switch_{name}"] for name in choices()}),
        limits=Limits(
            request_seconds=arguments.request_seconds,
            body_bytes=arguments.body_bytes,
            header_bytes=arguments.header_bytes,
            address_bytes=arguments.address_bytes,
        ),
        faults=tuple(arguments.fault),
    )


def main(words: list[str] | None = None) -> int:
    arguments = build_parser().parse_args(words)
    try:
        listener = listen(arguments.host, arguments.port)
    except ValueError as refused:
        sys.stderr.write(f"{refused}\n")
        return TAKEN_PORT
    except OSError as taken:
        reason = taken.strerror or str(taken)
        sys.stderr.write(f"Port {arguments.port} of {arguments.host} cannot be used ({reason}). Try --port 0.\n")
        return TAKEN_PORT
    try:
        simulator = Simulator(options_of(arguments))
    except ValueError as impossible:
        sys.stderr.write(f"{impossible}\n")
        return TAKEN_PORT
    people = len(simulator.company.employees)
    # The socket accepts already: whoever connects now is answered.
    sys.stdout.write(f"The pretend Lucca of {people} collaborators is at {address_of(listener)}\n")
    sys.stdout.flush()
    serve(simulator, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
