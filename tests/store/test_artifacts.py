"""Artifacts: durability, verification, binding, identity and damage."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, InvalidValues
from designer.contract.ports import PortType
from designer.contract.schema import Role, Schema
from designer.contract.values import Archive, Evaluation, ModelEvaluation, Task, UntrainedModel
from designer.store.artifacts.blobs import DamagedArtifact, DiskFull
from designer.store.artifacts.values import Artifacts, Stored

FRAME = pd.DataFrame({"x": np.arange(200.0), "label": ["a", "b"] * 100})


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path / "artifacts", tmp_path / "laid")


def damage(artifacts: Artifacts, stored: Stored, offset: int = 700) -> None:
    file = artifacts.blobs.path(stored.digest)
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[offset] ^= 1
    file.write_bytes(content)


def test_table_comes_back_with_its_roles(artifacts: Artifacts) -> None:
    roles = Schema.of(FRAME).map(lambda c: c if c.name == "x" else type(c)(c.name, c.kind, Role.LABEL))
    stored = artifacts.put(FRAME, roles)
    back = artifacts.get(Stored.from_json(stored.to_json()))
    assert Schema.of(back).with_role(Role.LABEL) == ["label"]
    assert (stored.rows, stored.columns, stored.kind) == (200, 2, PortType.TABLE)


def test_table_is_mapped_not_copied_and_cannot_be_changed(artifacts: Artifacts) -> None:
    back = artifacts.get(artifacts.put(FRAME))
    assert not back["x"].to_numpy().flags.writeable


def test_equal_bytes_with_other_roles_are_another_input(artifacts: Artifacts) -> None:
    plain = artifacts.put(FRAME)
    labelled = artifacts.put(FRAME, Schema.of(FRAME).map(lambda c: type(c)(c.name, c.kind, Role.LABEL)))
    assert plain.digest == labelled.digest
    assert plain.identity != labelled.identity


def test_one_flipped_bit_in_a_table_is_never_read(artifacts: Artifacts) -> None:
    stored = artifacts.put(FRAME)
    damage(artifacts, stored)
    with pytest.raises(DamagedArtifact, match="changed on the disk"):
        artifacts.get(stored)
    with pytest.raises(DamagedArtifact):
        artifacts.page(stored, 0, 1)


def test_one_flipped_bit_with_the_old_time_is_seen_too(artifacts: Artifacts) -> None:
    stored = artifacts.put(FRAME)
    before = artifacts.blobs.path(stored.digest).stat()
    damage(artifacts, stored)
    os.utime(artifacts.blobs.path(stored.digest), ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DamagedArtifact):
        artifacts.get(stored)


def test_model_file_of_somebody_else_is_never_loaded(artifacts: Artifacts, tmp_path: Path) -> None:
    import joblib

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    stored = artifacts.put(UntrainedModel("m", Task.TWO_CLASS, LogisticRegression()))
    file = artifacts.blobs.path(stored.digest)
    file.chmod(0o644)
    joblib.dump(Trap(), file)
    with pytest.raises(DamagedArtifact):
        artifacts.get(Stored(stored.digest, stored.kind, stored.size, artifacts.blobs.seal(stored.digest)))
    assert not (tmp_path / "sprung").exists()


def test_storing_again_heals_a_damaged_file(artifacts: Artifacts) -> None:
    stored = artifacts.put(FRAME)
    damage(artifacts, stored)
    again = artifacts.put(FRAME)
    assert again.digest == stored.digest
    pd.testing.assert_frame_equal(artifacts.get(again), FRAME, check_dtype=False)


def test_copied_file_is_accepted_after_its_bytes_were_read(artifacts: Artifacts) -> None:
    stored = artifacts.put(FRAME)
    file = artifacts.blobs.path(stored.digest)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    assert len(artifacts.get(stored)) == 200


def test_missing_file_says_what_would_do(artifacts: Artifacts) -> None:
    stored = artifacts.put(FRAME)
    artifacts.blobs.delete(stored.digest)
    with pytest.raises(FileMissing, match="Run the pipeline again"):
        artifacts.get(stored)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_text_that_is_no_digest_names_no_file(artifacts: Artifacts, digest: str) -> None:
    with pytest.raises(FileMissing, match="not the digest"):
        artifacts.blobs.path(digest)


def test_nothing_half_written_stays(artifacts: Artifacts) -> None:
    with pytest.raises(InvalidValues):
        artifacts.put(pd.DataFrame({"x": pd.Series([1, "a"], dtype=object)}))
    assert list((artifacts.blobs.folder / "incoming").iterdir()) == []


def test_a_full_disk_is_reported_and_leaves_no_file(artifacts: Artifacts) -> None:
    with pytest.raises(DiskFull, match="the disk is full"):
        artifacts.blobs.write(lambda file: bool(Path("/dev/full").write_bytes(b"x")) and None)
    assert list((artifacts.blobs.folder / "incoming").iterdir()) == []


def test_value_that_does_not_flow_along_wires_is_refused(artifacts: Artifacts) -> None:
    with pytest.raises(InvalidValues, match="a list cannot be the output"):
        artifacts.put([1, 2])


def test_model_that_cannot_be_stored_is_refused_by_name(artifacts: Artifacts) -> None:
    with pytest.raises(InvalidValues, match="cannot be stored"):
        artifacts.put(UntrainedModel("m", Task.TWO_CLASS, lambda: None))


def test_evaluation_keeps_its_metrics_where_a_list_can_show_them(artifacts: Artifacts) -> None:
    value = Evaluation(Task.TWO_CLASS, (ModelEvaluation("m", 10, {"AUC": 0.5, "Odd": float("nan")}),))
    stored = artifacts.put(value)
    assert stored.summary["models"] == [{"name": "m", "rows": 10, "metrics": {"AUC": 0.5, "Odd": None}}]
    assert artifacts.get(stored).models[0].rows == 10


def test_transformation_is_bound_to_its_living_module(artifacts: Artifacts) -> None:
    library = Library.scan()
    module = library.read("normalize-data", 1, {})
    _, transformation = module.fitted(pd.DataFrame({"x": [1.0, 2.0, 3.0]}))  # type: ignore[attr-defined]
    back = artifacts.get(artifacts.put(transformation), library)
    assert back.applier is not None
    assert len(back.apply(pd.DataFrame({"x": [4.0]}))) == 1


def test_archive_comes_back(artifacts: Artifacts) -> None:
    assert artifacts.get(artifacts.put(Archive({"a.py": b"x = 1"}))).files == {"a.py": b"x = 1"}


def test_file_is_on_the_disk_before_it_has_its_name(artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renaming before the bytes are synced can leave an empty file after a power failure."""
    seen: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append("sync"), sync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (seen.append("rename"), replace(self, to))[1])
    artifacts.put(FRAME)
    assert seen[0] == "sync"
    assert seen[-2:] == ["rename", "sync"]


def test_equal_trees_are_stored_as_equal_bytes_whatever_memory_held_before(tmp_path: Path) -> None:
    kind = np.dtype({"names": ["a", "b"], "formats": ["<i8", "u1"], "offsets": [0, 8], "itemsize": 16})
    digests = []
    for filler in (0, 255):
        records = np.full(16 * 3, filler, dtype="uint8").view(kind)
        records["a"], records["b"] = [1, 2, 3], [1, 0, 1]
        model = UntrainedModel("m", Task.TWO_CLASS, None, settings={"nodes": records})
        stored = Artifacts(tmp_path, tmp_path / "laid").put(model)
        digests.append(stored.digest)
        assert Artifacts(tmp_path, tmp_path / "laid").get(stored).settings["nodes"].tolist() == [(1, 1), (2, 0), (3, 1)]
    assert digests[0] == digests[1]


def test_equal_models_are_equal_bytes_whether_their_texts_are_one_object_or_two(artifacts: Artifacts) -> None:
    once = "a mode"
    models = [
        UntrainedModel("m", Task.REGRESSION, {"first": once, "second": text})
        for text in (once, "".join(["a ", "mode"]))
    ]
    assert models[0].estimator["second"] is not models[1].estimator["second"]
    assert artifacts.put(models[0]).digest == artifacts.put(models[1]).digest
