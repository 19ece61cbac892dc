"""The workbench that the pages call, over the workspace of this web process and its modules as they are now."""

from designer.ui.library import library
from designer.ui.workspace import workspace
from designer.workbench.workbench import Workbench


def workbench() -> Workbench:
    """The verbs of this workspace. A value for one event: the modules may be others at the next."""
    return Workbench(workspace(), library)
