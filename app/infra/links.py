"""Secret links and absolute addresses. BASE_URL is their only source: a Host header never decides where mail points."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from app.infra import tokens


class Links:
    """Keys and address of this installation."""

    def __init__(self) -> None:
        self._keys: Sequence[str] = ()
        self.base_url = ""
        self.host = ""

    def init_app(self, app: Flask) -> None:
        """Read keys and BASE_URL from the configuration."""
        config = app.config["TSUDOI"]
        self._keys, self.base_url, self.host = config.secret_keys, config.base_url, config.host

    def token(self, purpose: str, nonce: str) -> str:
        """A new link token for `nonce`."""
        return tokens.derive(self._keys[0], purpose, nonce)

    def token_again(self, purpose: str, nonce: str, stored: str) -> str:
        """The token given out earlier, whose fingerprint is `stored`. Raises LookupError when its key is gone."""
        return tokens.rederive(self._keys, purpose, nonce, stored)

    def absolute(self, path: str) -> str:
        """The full address of a path of this service."""
        return self.base_url + path

    def subscribed(self, path: str) -> str:
        """The address with which calendar programs subscribe to a path of this service (webcal)."""
        return f"webcal://{self.base_url.partition('://')[2]}{path}"


links = Links()
