"""Both sides of a push as values: where the linked people stand in their trainings, and what their receipts say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from cards.integrations.lucca.field_plan import Person, Sent, TrainingFacts, wanted_rows
from cards.integrations.lucca.models import LuccaAccount, Receipt
from cards.integrations.lucca.sides import links_of
from cards.spaces.models import Space
from cards.statistics.queries import statistics_of
from cards.trainings.addresses import training_link
from cards.trainings.models import Training
from lucca import WantedRow


def trainings_of(space: Space) -> dict[int, TrainingFacts]:
    """Every training of the space by id."""
    trainings = Training.objects.filter(space=space).select_related("space")
    return {each.pk: TrainingFacts(each.title, training_link(each), each.is_published) for each in trainings}


def receipts_of(account: LuccaAccount) -> QuerySet[Receipt]:
    """What was sent to this Lucca, under whatever codes."""
    return Receipt.objects.filter(space_id=account.space_id, host=account.host)


def sent_of(receipts: Iterable[Receipt]) -> dict[str, dict[int, Sent]]:
    """Lucca id → training id → what was sent."""
    sent: defaultdict[str, dict[int, Sent]] = defaultdict(dict)
    for each in receipts:
        row = WantedRow(each.title, each.link, each.progress, each.score, each.completed_on, each.occurrence_id or None)
        sent[each.lucca_id][each.training_id] = Sent(row, each.is_proven)
    return sent


def people_of(
    account: LuccaAccount, compound: str, lucca_ids: Collection[str], trainings: Mapping[int, TrainingFacts]
) -> dict[str, Person]:
    """These collaborators by Lucca id, as far as they are linked: three queries, however many they are."""
    links = dict(links_of(account).filter(lucca_id__in=lucca_ids).values_list("lucca_id", "user_id"))
    standings = statistics_of(account.space, links.values())
    sent = sent_of(receipts_of(account).filter(compound=compound, lucca_id__in=lucca_ids))
    return {
        lucca_id: Person(
            lucca_id,
            wanted_rows(standings.get(user_id, {}), trainings, sent.get(lucca_id, {}), language=account.space.language),
            sent.get(lucca_id, {}),
        )
        for lucca_id, user_id in links.items()
    }
