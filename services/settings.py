"""Every setting, typed, from the environment; `manage.py config` prints each with where it came from."""

import ipaddress
import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """What an operator can set. Unset means the default, which is right for one machine."""

    model_config = SettingsConfigDict(env_prefix="MUSTER_", extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port to listen on.")
    data: Path = Field(
        default=ROOT / "var", description="Folder for the database file and everything else that is written."
    )
    content: Path = Field(default=ROOT, description="Folder that holds content/ and quizzes/.")
    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL as postgresql://user:password@host/name; unset means a SQLite file in the data folder.",
    )
    allowed_hosts: Names = Field(
        default=(),
        description="Names people type to get here, with commas: training.example, *.firm.example. Unset: localhost, "
        "MUSTER_HOST and plain addresses, which nobody can point elsewhere by DNS.",
    )
    trusted_proxies: Names = Field(
        default=(),
        description="Addresses or networks of your proxies, with commas. Only they may say whose request it is and "
        "whether it came over TLS (X-Forwarded-For, X-Forwarded-Proto).",
    )
    tls_certificate: Path | None = Field(default=None, description="PEM file, to serve TLS without a proxy.")
    tls_key: Path | None = Field(default=None, description="PEM file with the key of the certificate.")
    session_idle_minutes: int = Field(
        default=240, ge=5, le=1440, description="A session ends after this long without anybody doing anything."
    )
    session_hours: int = Field(
        default=12, ge=1, le=168, description="A session ends this long after signing in, whatever happens."
    )

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network, strict=False)
        return value

    @model_validator(mode="after")
    def _pair(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("MUSTER_TLS_CERTIFICATE and MUSTER_TLS_KEY go together: set both or neither.")
        return self

    @property
    def session_idle(self) -> timedelta:
        """How long a session lasts without activity."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_life(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.session_hours)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database in use."""
        if self.database_url:
            # The form most hosts hand out names no driver.
            return self.database_url.replace("postgres://", "postgresql://", 1).replace(
                "postgresql://", "postgresql+psycopg://", 1
            )
        return f"sqlite:///{(self.data / 'muster.sqlite3').as_posix()}"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return "DATABASE_URL" if name == "database_url" else f"MUSTER_{name.upper()}"


def explain(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Every setting as (variable, value, where it came from, what it does); passwords in addresses are masked."""
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        if name == "database_url" and "@" in shown:
            scheme, _, rest = shown.partition("://")
            shown = f"{scheme}://***@{rest.rpartition('@')[2]}"
        source = "environment" if variable(name) in os.environ else "default"
        rows.append((variable(name), shown, source, field.description or ""))
    return rows
