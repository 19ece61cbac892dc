"""Why a cluster cannot be used."""

from __future__ import annotations

from designer.contract.errors import DesignerError


class ClusterUnreachable(DesignerError):
    """No scheduler answers at the address, or its workers do not see the workspace."""


class EnvironmentDiffers(DesignerError):
    """A worker has other versions of Designer, Python or the libraries than this computer."""


class ClusterSupportMissing(DesignerError):
    """The packages for clusters are not installed."""

    def __init__(self) -> None:
        super().__init__("Dask is not installed here", "Install it: pip install 'designer-ml[cluster]'.")
