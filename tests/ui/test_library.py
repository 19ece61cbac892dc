"""The pages' module list follows the files in the workspace's `modules` folder."""

from __future__ import annotations

from pathlib import Path

from designer.ui.library import ShownModules
from tests.store.test_own_modules import GOOD


def test_files_that_come_change_break_and_go_are_seen_at_the_next_look(tmp_path: Path) -> None:
    file = tmp_path / "modules" / "mine.py"
    file.parent.mkdir()
    shown = ShownModules(tmp_path)
    assert not shown.look()  # modules are scanned on first use
    assert "same-rows" not in shown.library()
    file.write_text(GOOD)
    assert shown.look()
    assert "same-rows" in shown.library()
    assert not shown.look()
    file.write_text(GOOD.replace("Same rows", "Equal rows"))
    assert shown.look()
    assert "same-rows" not in shown.library()
    assert "equal-rows" in shown.library()
    file.write_text("1 / 0\n")
    assert shown.look()
    assert "equal-rows" not in shown.library()
    assert "ZeroDivisionError" in shown.library().broken["mine.py"]
    file.unlink()
    assert shown.look()
    assert shown.library().broken == {}
