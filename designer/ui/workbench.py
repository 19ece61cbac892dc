"""The workbench of the pages: this process's workspace, with its modules kept current."""

from designer.contract.catalogue.library import Library
from designer.ui.library import library
from designer.ui.workspace import workspace
from designer.workbench.workbench import Workbench


def workbench() -> Workbench:
    """The workbench of this workspace. Create one per event: the modules may change in between."""
    return Workbench(workspace(), library)


def current_workbench() -> Workbench:
    """A workbench for programs: a component is known to it at once, not when pages look for changes next."""
    return Workbench(workspace(), _current_library)


def _current_library() -> Library:
    return workspace().with_components(library())
