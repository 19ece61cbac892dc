"""Why a cluster cannot be used."""

from __future__ import annotations

from importlib.util import find_spec

from designer.contract.errors import DesignerError


class ClusterUnreachable(DesignerError):
    """No scheduler answers at the address, or its workers do not see the workspace."""


class EnvironmentDiffers(DesignerError):
    """A worker has other versions of Designer, Python or the libraries than this computer."""


class ClusterSupportMissing(DesignerError):
    """The packages for clusters are not installed."""

    def __init__(self) -> None:
        super().__init__("Dask is not installed here", "Install it: pip install 'designer-ml[cluster]'.")


def has_cluster_support() -> bool:
    """Whether Dask is installed."""
    return find_spec("distributed") is not None


def require_cluster_support() -> None:
    """Raise ClusterSupportMissing where Dask is not installed."""
    if not has_cluster_support():
        raise ClusterSupportMissing
