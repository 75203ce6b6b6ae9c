"""The kinds: one that writes an entry for each line, one that calls a host for each line."""

import time
import urllib.request

from cards.audit.models import Entry
from cards.runs import budget
from cards.runs.engine import Again, Done, Prepared, Verdict, Work
from cards.runs.kinds import Kind, register
from cards.runs.models import LineState, Run, RunLine, RunState

BATCH = 10


def write_entries(work: Work) -> Verdict:
    """Make the plan when preparing; then write one entry for each line, in batches that take a moment."""
    if work.run.state == RunState.PREPARING:
        return _make_lines(work)
    while lines := list(work.run.lines.filter(state=LineState.PLANNED)[: work.run.options.get("batch", BATCH)]):
        # Half of the time is spent here, where a frozen worker holds no lock and another takes over.
        time.sleep(work.run.options.get("pause", 0) / 2)
        with work.batch():
            Entry.objects.bulk_create(
                Entry(action="applied", target=f"{work.run.pk}:{line.position}", happened_at=line.run.created_at)
                for line in lines
            )
            RunLine.objects.filter(pk__in=[line.pk for line in lines]).update(state=LineState.DONE)
            work.run.done += len(lines)
            time.sleep(work.run.options.get("pause", 0) / 2)
        if not work.may_go_on():
            return Again()
    return Done()


def _make_lines(work: Work) -> Verdict:
    lines = work.run.options["lines"]
    while work.run.total < lines:
        with work.batch():
            first = work.run.total
            positions = range(first, min(lines, first + 5 * BATCH))
            RunLine.objects.bulk_create(
                RunLine(run=work.run, position=position, action="create", lucca_id=str(position))
                for position in positions
            )
            work.run.total += len(positions)
        if not work.may_go_on():
            return Again()
    return Prepared()


def call_host(work: Work) -> Verdict:
    """Call the host once for each line, within its budget."""
    options = work.run.options
    while work.run.done < options["calls"]:
        if not work.may_go_on():
            return Again()
        work.check()
        try:
            with budget.call(options["host"], limit=options["limit"]):
                urllib.request.urlopen(f"http://{options['host']}/{work.run.pk}", timeout=5).close()
        except budget.NoCallLeft as none_left:
            return Again(none_left.until)
        with work.batch():
            work.run.done += 1
            work.run.lucca_calls += 1
    return Done()


def write_end(run: Run) -> None:
    Entry.objects.create(action="ended", target=str(run.pk), happened_at=run.ended_at)


def register_kinds() -> None:
    register(Kind(name="ledger", label="Ledger", work=write_entries, on_end=write_end))
    register(Kind(name="caller", label="Caller", work=call_host, on_end=write_end))
