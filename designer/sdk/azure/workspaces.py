"""A workspace under the names of the original."""

from __future__ import annotations

from typing import Any

from designer.sdk.azure.datasets import Dataset, TabularDataset
from designer.sdk.azure.datastores import Datastore
from designer.sdk.azure.faces import Face, noted
from designer.sdk.workspace import Workspace as Plain


class Workspace(Face):
    """The workspace of this folder, or the one that DESIGNER_WORKSPACE names: a folder, or an address with a token.

    The subscription and the like of the original are noted and name nothing; `Workspace.of(plain)` takes a workspace of
    `designer.sdk` that is open.
    """

    plain: Plain

    def __init__(
        self,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        workspace_name: str | None = None,
        auth: Any = None,
        **others: Any,
    ) -> None:
        cloud = {"subscription_id": subscription_id, "resource_group": resource_group,
                 "workspace_name": workspace_name, "auth": auth, **others}  # fmt: skip
        noted("Workspace", cloud, "the workspace is a folder, or the one that DESIGNER_WORKSPACE names.")
        super().__init__(Plain())

    @classmethod
    def of(cls, plain: Plain) -> Workspace:
        """An open workspace of `designer.sdk` under these names."""
        workspace = cls.__new__(cls)
        workspace.plain = plain
        return workspace

    @classmethod
    def from_config(cls, path: str | None = None, auth: Any = None, **others: Any) -> Workspace:
        """The workspace, see the class; a config.json of the original is not read."""
        return cls(config=path, auth=auth, **others)

    @classmethod
    def get(cls, name: str, auth: Any = None, **others: Any) -> Workspace:
        """The workspace, see the class."""
        return cls(workspace_name=name, auth=auth, **others)

    @property
    def datastores(self) -> dict[str, Datastore]:
        """Its datastores by name."""
        return {name: Datastore(self, name) for name in self.plain.datastores}

    @property
    def datasets(self) -> dict[str, TabularDataset]:
        """Its registered datasets by name."""
        return {name: Dataset.get_by_name(self, name) for name in self.plain.datasets}

    @property
    def compute_targets(self) -> dict[str, Any]:
        """Empty: steps run on the computer of the workspace."""
        return {}

    def get_default_datastore(self) -> Datastore:
        """Its default datastore."""
        return Datastore(self, self.plain.datastore.name)

    def set_default_datastore(self, name: str) -> None:
        """Make a datastore the default."""
        self.plain.datastores[name].set_default()
