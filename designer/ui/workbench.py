"""The workbench of the pages: this process's workspace, with its modules kept current."""

from designer.ui.library import library
from designer.ui.workspace import workspace
from designer.workbench.workbench import Workbench


def workbench() -> Workbench:
    """The workbench of this workspace. Create one per event: the modules may change in between."""
    return Workbench(workspace(), library)
