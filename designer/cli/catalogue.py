"""`designer modules`, `designer samples` and `designer open`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from designer import settings
from designer.cli.files import to_json, write_pipeline
from designer.cli.own_modules import name_broken
from designer.cli.starting.start import CannotStart
from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing
from designer.pipeline.handbook import handbook
from designer.samples.templates import templates
from designer.store.folder import require_workspace
from designer.store.library import own_library
from designer.store.sessions import Sessions
from designer.workbench.started import started


def print_modules(folder: Path, *, json: bool, markdown: bool) -> None:
    """Print the built-in modules, and those of the workspace if it exists."""
    library = own_library(folder, Library.scan())
    name_broken(library, folder)
    if markdown:
        print(handbook(library), end="")
        return
    if json:
        print(to_json([module.spec().to_json() for module in library]))
        return
    for category in dict.fromkeys(module.spec().category for module in library):
        print(category)
        for spec in (module.spec() for module in library if module.spec().category == category):
            origin = f" ({spec.package})" if spec.package else ""
            print(f"  {spec.id:<36} {spec.title}: {spec.description}{origin}")


def print_samples(write: Path | None, *, json: bool) -> None:
    """Print the samples; with `write`, also write their documents to a folder."""
    if write is not None:
        try:
            write.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileMissing(
                f"the folder cannot be created ({error.strerror})", "Choose another.", file=str(write)
            ) from None
    rows = []
    for template in templates():
        rows.append({"id": template.id, "title": template.title, "task": template.task, "summary": template.summary})
        if write is not None:
            write_pipeline(template.pipeline, write / f"{template.id}.json")
    if json:
        print(to_json(rows))
        return
    for row in rows:
        print(f"{row['id']:<28} {row['task']:<28} {row['title']}: {row['summary']}")


def open_page(folder: Path, port: int | None, *, browser: bool) -> None:
    """Print or open a one-time address of the Designer that runs on this workspace."""
    require_workspace(folder)
    designer = started(folder)
    if port is None and designer is None:
        raise CannotStart(f"Designer is not running on {folder}. Start it with: designer start.")
    if port and designer and port != designer.port:
        raise CannotStart(f"Designer runs on port {designer.port} of this workspace, not on {port}. Omit --port.")
    port = port or (designer.port if designer else settings.DEFAULT_PORT)
    address = f"http://{settings.HOST}:{port}/enter?code={Sessions(folder).mint_code()}"
    print(address)
    if browser and settings.has_a_screen():
        webbrowser.open(address)
