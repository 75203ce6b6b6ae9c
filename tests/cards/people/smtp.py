"""A real mail server for the tests, that accepts, refuses, greylists, drops and dies as it is told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox(MessageHandler):
    """Answers each RCPT and DATA with what `answers` holds for the address, and keeps what it accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.accepted: list[Message] = []
        self.connections = 0

    def handle_message(self, message: Message) -> None:
        self.accepted.append(message)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's own names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.get(envelope.rcpt_tos[0], "250 OK")
        if answer in ("drop", "drop after keeping"):
            if answer == "drop after keeping":
                await super().handle_DATA(server, session, envelope)
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        return answer

    @property
    def recipients(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.accepted)


@contextmanager
def mail_server() -> Iterator[tuple[Inbox, int]]:
    """An inbox and the port at which it listens."""
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop(no_assert=True)
