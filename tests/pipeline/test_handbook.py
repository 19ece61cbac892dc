"""`docs/modules.md` matches the module classes."""

from __future__ import annotations

from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.pipeline.handbook import handbook

DOCUMENT = Path(__file__).parents[2] / "docs" / "modules.md"


def test_the_document_is_generated_from_the_modules() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == handbook(Library.scan()), "run `make docs`"


def test_it_names_every_module_port_and_parameter() -> None:
    text = handbook(Library.scan())
    for module in Library.scan():
        spec = module.spec()
        assert f"### {spec.title}" in text
        for parameter in spec.parameters:
            assert parameter.hidden or parameter.label.replace("|", "\\|") in text
