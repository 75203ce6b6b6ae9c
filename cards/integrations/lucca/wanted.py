"""Both sides of a push as values: where the linked people stand in their trainings, and what their receipts say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from cards.integrations.lucca.field_plan import Person, Sent, TrainingFacts, wanted_rows
from cards.integrations.lucca.models import LuccaAccount, Receipt
from cards.integrations.lucca.sides import links_of
from cards.spaces.models import Space
from cards.statistics.queries import statistics_of
from cards.trainings.addresses import training_link
from cards.trainings.models import Training
from lucca import EmployeeRows, FieldCodes, WantedRow
from lucca.writing import arrange


def trainings_of(space: Space) -> dict[int, TrainingFacts]:
    """Every training of the space by id."""
    trainings = Training.objects.filter(space=space).select_related("space")
    return {each.pk: TrainingFacts(each.title, training_link(each), each.is_published) for each in trainings}


def receipts_of(account: LuccaAccount) -> QuerySet[Receipt]:
    """What was sent to this Lucca, under whatever codes."""
    return Receipt.objects.filter(space_id=account.space_id, host=account.host)


def removable(account: LuccaAccount, only: str | None) -> QuerySet[Receipt]:
    """What a removal takes back: everything, or from `only` one file the results of others than its linked user."""
    receipts = receipts_of(account)
    if only is None:
        return receipts
    return receipts.filter(lucca_id=only).exclude(user__in=links_of(account).filter(lucca_id=only).values("user"))


def number_of_files(receipts: QuerySet[Receipt]) -> int:
    """On how many files in Lucca these rows stand."""
    return receipts.values("lucca_id").distinct().count()


def sent_of(receipts: Iterable[Receipt], users: Mapping[str, int]) -> dict[str, dict[int, Sent]]:
    """Lucca id → training id → what was sent; proven as far as it was for those `users`, by Lucca id."""
    sent: defaultdict[str, dict[int, Sent]] = defaultdict(dict)
    for each in receipts:
        row = WantedRow(each.title, each.link, each.progress, each.score, each.completed_on, each.occurrence_id or None)
        is_theirs = each.user_id == users.get(each.lucca_id)
        sent[each.lucca_id][each.training_id] = Sent(row, each.is_proven and is_theirs)
    return sent


def people_of(
    account: LuccaAccount, compound: str, lucca_ids: Collection[str], trainings: Mapping[int, TrainingFacts]
) -> dict[str, Person]:
    """These collaborators by Lucca id, as far as they are linked: three queries, however many they are."""
    links = dict(links_of(account).filter(lucca_id__in=lucca_ids).values_list("lucca_id", "user_id"))
    standings = statistics_of(account.space, links.values())
    sent = sent_of(receipts_of(account).filter(compound=compound, lucca_id__in=lucca_ids), links)
    return {
        lucca_id: Person(
            lucca_id,
            wanted_rows(standings.get(user_id, {}), trainings, sent.get(lucca_id, {}), language=account.space.language),
            sent.get(lucca_id, {}),
            user_id,
        )
        for lucca_id, user_id in links.items()
    }


# --- for a person's eyes ----------------------------------------------------------------------------


class RowStanding(StrEnum):
    """How a row of one side stands to the other side."""

    SAME = "same"
    DIFFERS = "differs"
    MISSING = "missing"
    FOREIGN = "foreign"
    NOT_KEPT_UP = "not_kept_up"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One occurrence as the file shows it: title, link, progress, score, day of completion."""

    row: WantedRow
    standing: RowStanding


def compared(person: Person, read: EmployeeRows | None, codes: FieldCodes) -> list[ShownRow]:
    """What Cards knows, each row against Lucca as it was read just now, or as the receipts tell."""
    if read is None:
        return [
            ShownRow(row, RowStanding.SAME if person.is_in_lucca(training) else _expected(person, training))
            for training, row in person.wanted.items()
        ]
    rows = []
    for place in arrange(read, list(person.wanted.values()), codes).places:
        if place.wanted is not None:
            absent = RowStanding.MISSING if place.row is None else RowStanding.DIFFERS
            rows.append(ShownRow(place.wanted, absent if place.is_changed(codes) else RowStanding.SAME))
    return rows


def _expected(person: Person, training: int) -> RowStanding:
    return RowStanding.DIFFERS if training in person.sent else RowStanding.MISSING


def shown(person: Person, read: EmployeeRows, codes: FieldCodes) -> list[ShownRow]:
    """What Lucca shows on the file, each row against what Cards knows."""
    known = list(person.wanted.values())
    older = [sent.row for training, sent in person.sent.items() if training not in person.wanted]
    rows = []
    for place in arrange(read, [*known, *older], codes).places:
        if place.row is None:
            continue
        if place.wanted is None:
            standing = RowStanding.FOREIGN
        elif place.wanted in older:
            standing = RowStanding.NOT_KEPT_UP
        else:
            standing = RowStanding.DIFFERS if place.is_changed(codes) else RowStanding.SAME
        texts = [place.row.values.get(code.lower(), "") for code in codes.subfields]
        rows.append(ShownRow(WantedRow(*texts), standing))
    return rows


def receipts_shown(person: Person) -> list[ShownRow]:
    """What Lucca was last seen to show of what Cards sent."""
    return [
        ShownRow(
            sent.row,
            RowStanding.NOT_KEPT_UP
            if training not in person.wanted
            else RowStanding.SAME
            if person.is_in_lucca(training)
            else RowStanding.DIFFERS,
        )
        for training, sent in person.sent.items()
    ]
