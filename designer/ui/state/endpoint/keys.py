"""The keys of an endpoint."""

from __future__ import annotations

from designer.ui.state.endpoint.page import EndpointState
from designer.ui.state.shown_keys import Keyed, ShownKeys
from designer.ui.workbench import workbench


class KeysState(ShownKeys, EndpointState):
    """The keys of the endpoint that the page shows."""

    def _owner(self) -> Keyed:
        bench = workbench()
        return Keyed(self.name, bench.endpoints.keys, bench.endpoints.reveal, bench.endpoints.rotate)
