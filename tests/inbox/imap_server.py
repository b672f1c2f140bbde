"""An IMAP server for tests: real sockets, real TLS, the commands that are used, several visitors at once."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).parents[1] / "delivery" / "mail_server.pem"


@dataclass
class Stored:
    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


class Store:
    """Folders with mails. `password` is the right one; `capabilities` what the server says it can do."""

    def __init__(self, *, capabilities: str = "IMAP4rev1 STARTTLS MOVE UIDPLUS"):
        self.capabilities = capabilities
        self.password = "secret"
        self.folders: dict[str, list[Stored]] = {"INBOX": []}
        self.lock = threading.RLock()
        self.commands: list[str] = []
        self.hang_up_at: str | None = None
        self._uid = 0

    def deliver(self, *contents: bytes) -> None:
        for content in contents:
            self.put("INBOX", content, set())

    def put(self, folder: str, content: bytes, flags: set[str]) -> None:
        with self.lock:
            self._uid += 1
            self.folders[folder].append(Stored(self._uid, content, flags))

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        return [mail.flags for mail in self.folders[folder]]


class ImapServer:
    """Listens at `port`: STARTTLS there, or TLS from the first byte with `implicit`."""

    def __init__(self, store: Store, *, implicit: bool = False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CERTIFICATE)
        self._server = _Server(("127.0.0.1", 0), _Visitor)
        self._server.store, self._server.context, self._server.implicit = store, self.context, implicit
        self.port = self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A visitor that hangs up is what some tests are about."""


class _Visitor(socketserver.BaseRequestHandler):
    def handle(self):
        self.lines = None
        try:
            self._serve()
        finally:
            if self.lines is not None:
                self.lines.close()
            self.request.close()

    def _serve(self):
        self.store: Store = self.server.store
        self.folder = ""
        if self.server.implicit:
            self._encrypt()
        else:
            self.lines = self.request.makefile("rb")
        self._say("* OK ready")
        while line := self.lines.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            self.store.commands.append(command.partition("secret")[0])
            if self.store.hang_up_at and self.store.hang_up_at in command:
                return
            name = " ".join(command.upper().split()[: 2 if command.upper().startswith("UID") else 1])
            with self.store.lock:
                self._say(f"{tag} {getattr(self, '_' + name.replace(' ', '_').lower())(command)}")
            if name == "STARTTLS":
                self._encrypt()
            if name == "LOGOUT":
                return

    def _encrypt(self):
        if self.lines is not None:
            self.lines.close()
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.lines = self.request.makefile("rb")

    def _say(self, line: str):
        self.request.sendall(line.encode() + b"\r\n")

    def _capability(self, _command):
        self._say(f"* CAPABILITY {self.store.capabilities}")
        return "OK done"

    def _starttls(self, _command):
        return "OK begin"

    def _login(self, command):
        return "OK in" if command.endswith(f'"{self.store.password}"') else "NO wrong password for hanako@example.jp"

    def _select(self, command):
        self.folder = _named(command)
        if self.folder not in self.store.folders:
            return "NO no such folder"
        self._say(f"* {len(self._mails)} EXISTS")
        return "OK [READ-WRITE] selected"

    def _create(self, command):
        if _named(command) in self.store.folders:
            return "NO [ALREADYEXISTS] there"
        self.store.folders[_named(command)] = []
        return "OK made"

    def _uid_search(self, command):
        assert command.endswith("SEARCH UNFLAGGED UNDELETED")
        found = [str(one.uid) for one in self._mails if not one.flags & {r"\Flagged", r"\Deleted"}]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK done"

    def _uid_fetch(self, command):
        for number, mail in enumerate(self._mails, 1):
            if str(mail.uid) not in command.split()[2].split(","):
                continue
            if "RFC822.SIZE" in command:
                self._say(f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.content)})")
                continue
            partial = re.search(r"BODY\.PEEK\[HEADER\]<0\.(\d+)>", command)
            content = mail.content[: int(partial[1])].split(b"\r\n\r\n")[0] + b"\r\n\r\n" if partial else mail.content
            self._say(f"* {number} FETCH (UID {mail.uid} BODY[] {{{len(content)}}}")
            self.request.sendall(content)
            self._say(")")
        return "OK done"

    def _uid_store(self, command):
        for mail in self._meant(command):
            mail.flags.update(re.findall(r"\\\w+", command))
        return "OK done"

    def _uid_copy(self, command):
        if _named(command) not in self.store.folders:
            return "NO [TRYCREATE] no such folder"
        for mail in self._meant(command):
            self.store.put(_named(command), mail.content, set(mail.flags))
        return "OK done"

    def _uid_move(self, command):
        answer = self._uid_copy(command)
        if answer.startswith("OK"):
            self.store.folders[self.folder] = [one for one in self._mails if one not in self._meant(command)]
        return answer

    def _uid_expunge(self, command):
        gone = [one for one in self._meant(command) if r"\Deleted" in one.flags]
        self.store.folders[self.folder] = [one for one in self._mails if one not in gone]
        return "OK done"

    def _logout(self, _command):
        self._say("* BYE")
        return "OK out"

    @property
    def _mails(self) -> list[Stored]:
        return self.store.folders[self.folder]

    def _meant(self, command) -> list[Stored]:
        return [one for one in self._mails if str(one.uid) == command.split()[2]]


def _named(command: str) -> str:
    return command.rpartition(' "')[2].rstrip('"')
