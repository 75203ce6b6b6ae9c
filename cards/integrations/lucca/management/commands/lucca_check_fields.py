"""`cards lucca_check_fields`: whether Lucca is ready to receive statistics."""

from typing import Any

from cards.integrations.lucca import field_check
from cards.integrations.lucca.commands import SpaceCommand
from cards.integrations.lucca.field_check import CheckLine, Standing
from cards.integrations.lucca.models import StatisticsSettings
from cards.runs.report import as_json


class Command(SpaceCommand):
    help = "Ask Lucca whether the fields can receive statistics. Exit status 1 when something is to be mended."

    def handle(self, *, space: str, json: bool, **_options: Any) -> None:
        account = self.account(space)
        settings, _is_new = StatisticsSettings.objects.get_or_create(account=account)
        field_check.check(account, settings)
        lines = field_check.lines_of(account, settings)
        for line in lines:
            self.stdout.write(as_json(_values(line)) if json else _words(line))
        if any(line.standing is Standing.WRONG for line in lines):
            raise SystemExit(1)


def _values(line: CheckLine) -> dict[str, Any]:
    return {"field": line.subject, "code": line.code, "standing": line.standing, "fault": line.fault}


def _words(line: CheckLine) -> str:
    return f"{line.subject} ({line.code}): {line.standing}{f', {line.fault}' if line.fault else ''}"
