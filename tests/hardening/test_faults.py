"""Faults of the disk and of files are reported in one sentence, and saved data stays intact."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest
from starlette.applications import Starlette

from designer.contract.errors import DesignerError
from designer.engine.run import execute
from designer.pipeline.graph import Node, Pipeline
from designer.serving import keys
from designer.serving.address import FILE as SCORING
from designer.serving.address import remove_address, scoring_address, scoring_pid
from designer.serving.realtime import Application
from designer.serving.watch import KEPT, Watch
from designer.store.artifacts import blobs
from designer.store.folder import FOLDERS
from designer.store.library import FILE as MODULES
from designer.store.upkeep.abandoned import abandoned, sweep
from designer.store.upkeep.cleaning import unneeded
from designer.store.workspace import Workspace, open_workspace
from designer.ui.views.dataset.upload import Upload
from tests.hardening.intact import broken, moment

TABLE = Pipeline("p", nodes={"a": Node("a", "enter-data-manually", 2, {"data": "x\n1\n2\n"})})


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "workspace") as opened:
        opened.drafts.create("mine", {"nodes": {}})
        opened.datasets.register("table", pd.DataFrame({"x": [1.0, 2.0]}))
        opened.endpoints.create("income")
        keys.first_keys(opened, "income")
        yield opened


DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "a list": b"[1, 2]",
    "null": b"null",
    "a number": b"7",
    "a text": b'"x"',
    "cut off": b'{"income": {"primary": "ds',
    "binary": b"\xff\xfe\x00\x01",
    "another alphabet": '{"a": 1}'.encode("utf-16"),
    "nested without end": b"[" * 100_000,
    "other things inside": b'{"income": 5, "port": "x", "pid": [1], "stamp": {}, "sources": [], "answer": []}',
    "a list inside": b'{"income": [1], "port": 1e400, "pid": null, "choices": 3}',
    "not a number": b'{"port": NaN, "pid": true, "income": {"primary": 5}}',
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_keys_open_still_and_are_made_anew_beside_the_old_file(workspace: Workspace, damage: str) -> None:
    opened = keys.revealed_key(workspace, "income", "primary")
    assert opened is not None
    file = workspace.path / keys.FILE
    file.write_bytes(DAMAGED[damage])
    assert keys.revealed_key(workspace, "income", "primary") is None
    assert workspace.endpoints.key_slot("income", opened) == "primary"
    is_object = damage in ("another alphabet", "other things inside", "a list inside", "not a number")
    assert bool(keys.damage(workspace.path)) is not is_object
    fresh = keys.new_key(workspace, "income", "secondary")
    assert keys.revealed_key(workspace, "income", "secondary") == fresh
    assert keys.damage(workspace.path) == []
    assert is_object or (workspace.path / f"{keys.FILE}.damaged").read_bytes() == DAMAGED[damage]
    keys.forget_keys(workspace, "income")


@pytest.mark.parametrize("damage", DAMAGED)
def test_every_small_file_of_a_workspace_may_be_damaged(workspace: Workspace, damage: str) -> None:
    folder, content = workspace.path, DAMAGED[damage]
    (folder / SCORING).write_bytes(content)
    assert scoring_address(folder) is None
    assert scoring_pid(folder) is None
    remove_address(folder)
    (folder / MODULES).write_bytes(content)
    assert "split-data" in workspace.library()
    (folder / KEPT).write_bytes(content)
    Watch(workspace, Application()).restore()
    (folder / "engine.lock").write_bytes(content)
    assert not workspace.engine_is_running()
    upload = Upload(workspace.keep_upload("x.csv", b"a\n1\n").parent)
    answers = upload.folder / ".found"
    answers.mkdir(exist_ok=True)
    for name in ("answer.json", "choices.json", "sheets.json", "profiles.json"):
        (answers / name).write_bytes(content)
    upload.answer()
    assert upload.profile("a") is None
    assert isinstance(upload.sheets(), list)


def test_a_module_list_whose_sources_are_no_texts_is_made_anew(workspace: Workspace) -> None:
    workspace.library()
    file = workspace.path / MODULES
    for sources in ([], None, 3, "x"):
        file.write_text(json.dumps({**json.loads(file.read_bytes()), "sources": sources}))
        assert "split-data" in workspace.library()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_vanishes_is_made_again_where_it_is_needed(workspace: Workspace, name: str) -> None:
    before = moment(workspace)
    shutil.rmtree(workspace.path / name)
    assert workspace.keep_upload("x.csv", b"a\n1\n").read_bytes() == b"a\n1\n"
    assert execute(TABLE, workspace.library(), workspace, slots=1).ok
    assert unneeded(workspace).bytes >= 0
    assert abandoned(workspace) == []
    assert sweep(workspace) == 0
    workspace.drafts.create("another", {"nodes": {}})
    assert broken(before, workspace, letters="D") == []
    if name != "artifacts":
        assert broken(before, workspace) == []


async def test_an_upload_after_its_folder_vanished_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from designer.ui.http.upload import ROUTES, UPLOAD_PATH

    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path / "w"))
    headers = {"content-type": "application/octet-stream", "x-file-name": "x.csv"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=ROUTES)), base_url="http://test"
    ) as client:
        assert (await client.post(UPLOAD_PATH, content=b"a\n1\n", headers=headers)).status_code == 200
        shutil.rmtree(tmp_path / "w" / "uploads")
        assert (await client.post(UPLOAD_PATH, content=b"a\n1\n", headers=headers)).status_code == 200
        shutil.rmtree(tmp_path / "w")
        refused = await client.post(UPLOAD_PATH, content=b"a\n1\n", headers=headers)
    assert refused.status_code == 507
    assert refused.json()["error"]["message"] == "the workspace folder is gone."
    assert not (tmp_path / "w").exists()


def test_a_workspace_that_vanished_is_named_and_not_made_again(workspace: Workspace) -> None:
    shutil.rmtree(workspace.path)
    for act in (lambda: workspace.keep_upload("x.csv", b"a"), lambda: workspace.put(pd.DataFrame({"x": [1]}))):
        with pytest.raises(DesignerError, match="is gone"):
            act()
    assert not workspace.path.exists()


FULL = """
import os, shutil, subprocess, sys
folder, file, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
files = sys.argv[5]  # the most files the disk can hold; 0: no limit
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=64m,nr_inodes={files}", "tmpfs", folder], check=True)
designer = [sys.executable, "-m", "designer"]
space = ["--workspace", os.path.join(folder, "w")]
first = subprocess.run([*designer, "dataset", "add", file, "--name", "first", *space], capture_output=True, text=True)
assert first.returncode == 0, first.stderr
disk = os.statvfs(folder)
os.mkdir(os.path.join(folder, "ballast"))
if files == "0":
    with open(os.path.join(folder, "ballast", "file"), "wb") as ballast:
        ballast.write(bytes(max(disk.f_bavail * disk.f_frsize - room, 0)))
else:
    for number in range(max(disk.f_ffree - room - 1, 0)):
        open(os.path.join(folder, "ballast", str(number)), "w").close()
for command in sys.argv[4].split(";"):
    words = [word.replace("FILE", file).replace("OUT", folder) for word in command.split()]
    ended = subprocess.run([*designer, *words, *space], capture_output=True, text=True)
    print(ended.returncode, (ended.stdout + ended.stderr).strip().replace("\\n", " | ")[:3000], flush=True)
shutil.rmtree(os.path.join(folder, "ballast"))
again = subprocess.run([*designer, "dataset", "add", file, "--name", "second", *space], capture_output=True, text=True)
print(again.returncode, again.stdout.splitlines()[:1] or again.stderr)
listed = subprocess.run([*designer, "dataset", "list", *space], capture_output=True, text=True).stdout
print("first" in listed and "second" in listed)
"""


def on_a_small_disk(folder: Path, room: int, commands: str, files: int = 0) -> list[str]:
    """The output of commands on a disk with room for so many bytes, or so many files if it holds at most `files`; then
    whether everything works once there is room again."""
    file = folder / "rows.csv"
    file.write_text("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(120_000)))
    (folder / "disk").mkdir()
    script = [sys.executable, "-c", FULL, str(folder / "disk"), str(file), str(room), commands, str(files)]
    prefix = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if subprocess.run([*prefix, "mount", "-t", "tmpfs", "tmpfs", str(folder / "disk")], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    ended = subprocess.run([*prefix, *script], capture_output=True, text=True, timeout=400)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_a_dataset_that_does_not_fit_the_disk_is_refused_and_fits_when_there_is_room(tmp_path: Path) -> None:
    output, again, kept = on_a_small_disk(tmp_path, 40_000, "dataset add FILE --name big")
    assert output == "2 designer: the disk is full. Free some space; what is stored is safe."
    assert again.startswith("0 "), again
    assert kept == "True"


def test_a_disk_that_holds_no_more_files_is_said_and_fits_when_there_is_room(tmp_path: Path) -> None:
    output, again, kept = on_a_small_disk(tmp_path, 1, "dataset add FILE --name big", files=400)
    assert output.startswith("2 designer: the disk is full. Free some space; what is s"), output
    assert again.startswith("0 "), again
    assert kept == "True"


@pytest.mark.parametrize("limit", [12, 16, 18])
def test_a_process_that_may_open_few_files_says_so_and_the_next_one_works(tmp_path: Path, limit: int) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))"
    words = ["dataset", "add", str(file), "--name", "x", "--workspace", str(tmp_path / "w")]
    run = f"from designer.cli import main; sys.argv = ['designer', *{words!r}]; main()"
    few = subprocess.run([sys.executable, "-c", f"{limited}; {run}"], capture_output=True, text=True)
    assert "Traceback" not in few.stderr
    assert few.returncode == 0 or "too many files are open" in few.stderr, few.stderr
    many = subprocess.run([sys.executable, "-m", "designer", *words], capture_output=True, text=True)
    assert many.returncode == 0, many.stderr
    with open_workspace(tmp_path / "w") as opened:
        assert opened.database.check() == []
        assert len(opened.sources().dataset("x")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("room", [0, 40_000, 1_000_000, 2_500_000])
def test_every_command_on_a_full_disk_says_so_and_goes_on_when_there_is_room(tmp_path: Path, room: int) -> None:
    *outputs, again, kept = on_a_small_disk(
        tmp_path, room, "dataset add FILE --name big;dataset list;clean;rebuild --dry-run"
    )
    assert not [line for line in outputs if "Traceback" in line], outputs
    assert outputs[0].startswith("2 "), outputs
    assert "the disk is full" in outputs[0], outputs
    assert outputs[1].startswith("0 first") or "the disk is full" in outputs[1], outputs
    assert again.startswith("0 "), again
    assert kept == "True"


def test_a_full_disk_is_told_apart_from_other_faults() -> None:
    assert "disk is full" in str(blobs.disk_error(OSError(28, "No space left on device")))
    assert "can only be read" in str(blobs.disk_error(OSError(30, "Read-only file system")))
    assert "is gone" in str(blobs.disk_error(FileNotFoundError(2, "No such file")))
