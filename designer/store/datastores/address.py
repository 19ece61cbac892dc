"""The address of a datastore: what it is, where it lies, and the secrets that were typed into it.

Folders: `/data/in`, `~/data`, `file:///data/in`. Object stores: `s3://bucket/prefix`, `gs://bucket/prefix`,
`abfs://container@account/prefix`, with settings such as `?region=eu-central-1&endpoint=https://minio.example:9000`.
Databases: `postgresql://user@host:5432/name`, `mysql://user@host/name`, `sqlite:////data/sales.db`,
`duckdb:////data/sales.duckdb`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest

Kind = Literal["folder", "s3", "gs", "abfs", "postgresql", "mysql", "sqlite", "duckdb"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DATABASES = ("postgresql", "mysql", "sqlite", "duckdb")
FILE_DATABASES = ("sqlite", "duckdb")

KIND_TITLES: Mapping[str, str] = {
    "folder": "Folder", "s3": "Amazon S3 or compatible", "gs": "Google Cloud Storage", "abfs": "Azure Blob Storage",
    "postgresql": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite file", "duckdb": "DuckDB file",
}  # fmt: skip

SECRETS: Mapping[str, tuple[str, ...]] = {
    "folder": (), "s3": ("access_key", "secret_key", "session_token"), "gs": ("access_token",),
    "abfs": ("account_key", "sas_token"), "postgresql": ("password",), "mysql": ("password",), "sqlite": (),
    "duckdb": (),
}  # fmt: skip
"""The secrets of each kind."""

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "s3": ("region", "endpoint"), "gs": ("endpoint",), "abfs": ("endpoint",), "postgresql": ("sslmode",),
}  # fmt: skip
_OTHER_NAMES: Mapping[str, str] = {
    "file": "folder", "gcs": "gs", "abfss": "abfs", "az": "abfs", "postgres": "postgresql", "s3a": "s3",
}  # fmt: skip
_EXAMPLES = (
    "a folder, s3://bucket/prefix, gs://, abfs://, postgresql://user@host/name, mysql://, sqlite:///, duckdb:///"
)


@dataclass(frozen=True)
class Address:
    """A parsed address. `place` is a folder, a file, `bucket/prefix`, or the name of a database on `host`."""

    kind: Kind
    place: str
    host: str = ""
    port: int | None = None
    user: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_database(self) -> bool:
        """Whether it holds tables and not files."""
        return self.kind in DATABASES

    def __str__(self) -> str:
        settings = "&".join(f"{name}={quote(value, safe=':/')}" for name, value in sorted(self.settings.items()))
        return f"{self._without_settings()}{'?' if settings else ''}{settings}"

    def _without_settings(self) -> str:
        match self.kind:
            case "folder":
                return self.place
            case "s3" | "gs":
                return f"{self.kind}://{self.place}"
            case "abfs":
                container, _, prefix = self.place.partition("/")
                return f"abfs://{container}@{self.host}{'/' if prefix else ''}{prefix}"
            case "sqlite" | "duckdb":
                return f"{self.kind}:///{self.place}"
            case _:
                user = f"{quote(self.user, safe='')}@" if self.user else ""
                port = f":{self.port}" if self.port else ""
                return f"{self.kind}://{user}{self.host}{port}/{self.place}"


def parsed(text: str) -> tuple[Address, dict[str, str]]:
    """The address in a text, and the secrets written into it, which the address does not keep.

    Raises InvalidParameter for what is no address of a datastore.
    """
    text = text.strip()
    if not text or "\0" in text:
        raise _refused("no address is given")
    if "://" not in text:
        return Address("folder", str(Path(text).expanduser().absolute())), {}
    scheme, _, rest = text.partition("://")
    kind = _kind(scheme.lower())
    if kind == "folder" or kind in FILE_DATABASES:
        return Address(kind, _local(scheme, rest)), {}
    return _remote(kind, text)


def checked_secrets(kind: Kind, secrets: Mapping[str, str]) -> dict[str, str]:
    """The secrets that are not empty; raises InvalidParameter for one that the kind does not know."""
    for name in secrets:
        if name not in SECRETS[kind]:
            known = closest(name, SECRETS[kind], "Its secrets are") if SECRETS[kind] else "It takes none."
            raise InvalidParameter(f"a datastore of kind {kind} has no secret '{name}'", known, parameter=name)
    return {name: value for name, value in secrets.items() if value}


def _kind(scheme: str) -> Kind:
    name = _OTHER_NAMES.get(scheme, scheme).partition("+")[0]
    kind = next((kind for kind in KINDS if kind == name), None)
    if kind is None:
        raise _refused(f"'{scheme}://' is not the address of a datastore")
    return kind


def _local(scheme: str, rest: str) -> str:
    """The path of a folder or of a database file: three slashes before a relative one, four before an absolute one."""
    path = unquote(rest.partition("?")[0])
    if not path.strip("/"):
        raise _refused(f"'{scheme}://' names no file")
    if scheme.lower() == "file":
        return str(Path(path).absolute())
    if not path.startswith("/"):
        raise _refused(f"'{scheme}://{rest}' lacks a slash", f"Write {scheme}:///file, or {scheme}:////folder/file.")
    return str(Path(path[1:]).expanduser().absolute())


def _remote(kind: Kind, text: str) -> tuple[Address, dict[str, str]]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused("the address cannot be read") from error
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    secrets = checked_secrets(kind, {name: given.pop(name) for name in SECRETS[kind] if name in given})
    settings = _settings(kind, given)
    user, host, place = unquote(parts.username or ""), parts.hostname or "", unquote(parts.path).strip("/")
    if kind in DATABASES:
        if not host or not place:
            raise _refused("the address names no host or no database", f"Write {kind}://user@host/name.")
        if parts.password:
            secrets["password"] = unquote(parts.password)
        return Address(kind, place, host, port, user, settings), secrets
    if parts.password:
        raise _refused("the address holds a password", "Give keys apart from the address.")
    if kind == "abfs":
        return _azure(user, host, place, settings), secrets
    bucket = parts.netloc.rpartition("@")[2]
    if not bucket:
        raise _refused("the address names no bucket", f"Write {kind}://bucket or {kind}://bucket/prefix.")
    return Address(kind, f"{bucket}/{place}".strip("/"), settings=settings), secrets


def _azure(container: str, host: str, prefix: str, settings: Mapping[str, str]) -> Address:
    if not container or not host:
        remedy = "Write abfs://container@account or abfs://container@account/prefix."
        raise _refused("the address names no container or no account", remedy)
    account = host.partition(".")[0]
    return Address("abfs", f"{container}/{prefix}".strip("/"), account, settings=settings)


def _settings(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    known = _SETTINGS.get(kind, ())
    for name in given:
        if name not in known:
            remedy = closest(name, known, "Its settings are") if known else "It takes none."
            raise _refused(f"an address of kind {kind} has no setting '{name}'", remedy)
    return dict(given)


def _refused(problem: str, remedy: str = "") -> InvalidParameter:
    return InvalidParameter(problem, remedy or f"Write {_EXAMPLES}.", parameter="Address")
