"""Compute targets: names that pipelines mention. Steps run on the computer of the workspace."""

from __future__ import annotations

from typing import Any

from designer.sdk.azure.faces import note

LOCAL = "compute targets do nothing here: steps run on the computer of the workspace."


class ComputeTargetException(Exception):
    """Raised by the original where a target is missing; never raised here."""


class ComputeTarget:
    """A compute target, of which the name alone is kept."""

    def __init__(self, workspace: Any, name: str, **others: Any) -> None:
        note(LOCAL)
        self.workspace = workspace
        self.name = name

    @staticmethod
    def create(workspace: Any, name: str, provisioning_configuration: Any = None) -> AmlCompute:
        """A target of that name; nothing is provisioned."""
        return AmlCompute(workspace, name)

    @staticmethod
    def attach(workspace: Any, name: str, attach_configuration: Any = None) -> AmlCompute:
        """A target of that name; nothing is attached."""
        return AmlCompute(workspace, name)

    def wait_for_completion(self, show_output: bool = False, **others: Any) -> None:
        """Return at once."""

    def get_status(self) -> ComputeTarget:
        """The status, which `serialize` shows."""
        return self

    @property
    def status(self) -> ComputeTarget:
        """The status, which `serialize` shows."""
        return self

    def serialize(self) -> dict[str, Any]:
        """What is known of the target."""
        return {"name": self.name, "provisioningState": "Succeeded"}

    def delete(self) -> None:
        """Do nothing."""

    def __repr__(self) -> str:
        return f"<compute target {self.name!r}, which is this computer>"


class AmlCompute(ComputeTarget):
    """A cluster by name."""

    @staticmethod
    def provisioning_configuration(**settings: Any) -> dict[str, Any]:
        """The settings of a cluster, as `ComputeTarget.create` takes them."""
        note(LOCAL)
        return settings
