"""The floor of sending: letters that are ready, over one connection."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage


def constant_letters(port: int, count: int) -> float:
    """Send `count` letters of an invitation's size by smtplib; returns letters a second."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "floor", "floor@example.jp", "p@example.jp"
    letter.set_content("x" * 60 + "\n")
    content = letter.as_bytes() + b"x" * 70 + b"\r\n" + (b"x" * 70 + b"\r\n") * 200
    with smtplib.SMTP("127.0.0.1", port) as connection:
        start = time.monotonic()
        for number in range(count):
            head = f"Message-ID: <{number}@floor.example>\r\n".encode()
            connection.sendmail("floor@example.jp", ["p@example.jp"], head + content)
        return count / (time.monotonic() - start)
