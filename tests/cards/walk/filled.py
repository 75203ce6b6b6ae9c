"""A space with something of everything in it: every text holds the space's word, every id tells whose it is.

Two spaces are filled alike, one row of the first for one of the second, so that an id of one has its twin in the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from allauth.socialaccount.models import SocialAccount
from django.db.models import Model

from cards.audit.models import Entry
from cards.identity.models import RecoveryCode, SecondFactor, Session
from cards.people.models import ConnectionMode, Group, Mail, MailKind, Membership, Origin, Role, User
from cards.spaces.models import Space
from cards.sso.models import Protocol, Provider, SpentAssertion
from cards.trainings import models as trainings
from tests.cards.walk.filled_by_lucca import NOON, what_lucca_said, what_was_run

Row = TypeVar("Row", bound=Model)

METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://{word}.example/saml">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>MIIB{word}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="https://{word}.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""


@dataclass
class Filled:
    """A filled space, its people by role, and every row of it by model, in the order in which they were made."""

    space: Space
    word: str
    ids: Iterator[int]
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)

    def add(self, model: type[Row], **fields: Any) -> Row:
        row = model(pk=model._meta.pk.to_python(next(self.ids)), **fields)
        if isinstance(row, User):
            row.set_unusable_password()
        row.save()
        self.rows.setdefault(model, []).append(row)
        return row

    def first(self, model: type[Row]) -> Row:
        row: Row = self.rows[model][0]
        return row

    def who(self, role: str) -> User:
        return next(user for user in self.rows[User] if user.role == role)


def fill(slug: str, word: str, first_id: int) -> Filled:
    """The space `slug`, answering at `<slug>.example`."""
    space = Space(
        pk=first_id, slug=slug, name=f"{word} learning", host=f"{slug}.example", language="en", sso_is_active=True
    )
    space.save()
    filled = Filled(space, word, count(first_id + 1), {Space: [space]})
    for part in (_people, _trainings, what_lucca_said, what_was_run, _rest):
        part(filled)
    return filled


def _people(filled: Filled) -> None:
    def user(name: str, role: Role = Role.LEARNER, **fields: Any) -> User:
        return filled.add(
            User,
            space=filled.space,
            email=f"{name.lower()}@{filled.word.lower()}.example",
            first_name=name,
            last_name=filled.word,
            role=role,
            language="en",
            **fields,
        )

    user("Learner", last_login=NOON)
    user("Editor", Role.EDITOR, last_login=NOON)
    user("Owner", Role.OWNER, last_login=NOON)
    newcomer = user("Newcomer")
    user("Former", is_active=False)
    sso = user("Sso", connection_mode=ConnectionMode.SSO)
    filled.add(SecondFactor, user=newcomer, encrypted_secret=f"{filled.word} secret", confirmed_at=NOON)
    filled.add(RecoveryCode, user=newcomer, digest=f"{filled.word} digest")
    filled.add(Session, user=newcomer, session_data="", expire_date=datetime.now(UTC) + timedelta(days=1))
    filled.add(SocialAccount, user=sso, provider=f"sso-{filled.word}", uid=f"{filled.word} subject")
    for name in ("sales", "support"):
        group = filled.add(Group, space=filled.space, name=f"{filled.word} {name}", description=f"{filled.word} only")
        for member in filled.rows[User][:4]:
            origin = Origin.LUCCA if name == "sales" else Origin.BY_HAND
            filled.add(
                Membership, group=group, user=member, origin=origin, added_by=filled.who(Role.OWNER), added_at=NOON
            )
    filled.add(Mail, space=filled.space, user=newcomer, kind=MailKind.INVITATION, created_at=NOON)
    filled.add(
        Mail,
        space=filled.space,
        typed_email_key=f"somebody@{filled.word.lower()}.example",
        kind=MailKind.FIRST_VISIT,
        created_at=NOON,
    )


def _trainings(filled: Filled) -> None:
    word = filled.word
    picture = filled.add(trainings.Picture, space=filled.space, content=f"{word} picture".encode(), width=1, height=1)
    for position, (title, status) in enumerate((("Fire safety", "published"), ("Secret draft", "draft"))):
        training = filled.add(
            trainings.Training,
            space=filled.space,
            title=f"{word} {title}",
            description=f"What {word} learns",
            picture=picture,
            status=status,
            position=position,
            is_for_everyone=True,
            created_at=NOON,
        )
        training.groups.add(filled.first(Group))
        for number in range(2):
            chapter = filled.add(
                trainings.Chapter,
                training=training,
                title=f"{word} chapter {number}",
                position=number,
                text=f"{word} text",
                picture=picture,
            )
            for asked in range(2):
                question = filled.add(
                    trainings.Question, chapter=chapter, position=asked, words=f"{word} question?", points=1
                )
                for place in range(2):
                    filled.add(
                        trainings.Choice,
                        question=question,
                        position=place,
                        words=f"{word} choice",
                        is_right=place == 0,
                    )
    for user in filled.rows[User][:3]:
        attempt = filled.add(
            trainings.Attempt,
            user=user,
            training=filled.first(trainings.Training),
            number=1,
            started_at=NOON,
            is_counted=True,
            chapters=2,
            chapters_done=1,
            points=1,
            maximum_points=1,
        )
        filled.add(
            trainings.ChapterCompletion,
            attempt=attempt,
            chapter=filled.rows[trainings.Chapter][1],
            completed_at=NOON,
        )
        filled.add(
            trainings.Answer,
            attempt=attempt,
            question=filled.rows[trainings.Question][1],
            chosen=[filled.rows[trainings.Choice][2].pk],
            is_right=True,
            answered_at=NOON,
        )


def _rest(filled: Filled) -> None:
    provider = filled.add(
        Provider,
        space=filled.space,
        protocol=Protocol.SAML,
        name=f"{filled.word} account",
        metadata=METADATA.format(word=filled.word),
    )
    filled.add(SpentAssertion, provider=provider, assertion_id=f"{filled.word} assertion", expires_at=NOON)
    filled.add(
        Entry,
        space=filled.space,
        actor_id=filled.who(Role.OWNER).pk,
        action="group_created",
        target=f"group of {filled.word}",
        details={"name": filled.word},
        happened_at=NOON,
    )
