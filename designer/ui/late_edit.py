"""The route for edits of a closing page: the browser sends them without waiting for a response."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from designer.contract.errors import DesignerError
from designer.ui.state.editor.typed import edit_of
from designer.ui.workbench import workbench
from designer.workbench.workbench import Workbench


async def late_edit(request: Request) -> Response:
    """Save the page's unsaved edits. Responds 204, or 400 for an invalid message."""
    try:
        message = json.loads(await request.body())
        await asyncio.to_thread(save_late, workbench(), message)
    except (DesignerError, ValueError, KeyError, TypeError, AttributeError):
        return Response(status_code=400)
    return Response(status_code=204)


def save_late(bench: Workbench, message: Mapping[str, Any]) -> None:
    """Save operations, then text typed into fields. If the page sends them again when reopened, nothing changes."""
    id, base = str(message["pipeline"]), int(message["base"])
    operations = [dict(operation) for operation in message["operations"]]
    typed = {str(field): str(text) for field, text in message["typed"].items()}
    saved = bench.editing.save(id, base, operations) if operations else None
    pipeline = (saved or bench.editing.open(id)).pipeline
    edits = [edit for field, text in typed.items() if (edit := edit_of(pipeline, bench.library, field, text))]
    if edits:
        bench.editing.save(id, saved.revision if saved else base, edits)


ROUTE = Route("/edit", late_edit, methods=["POST"])
