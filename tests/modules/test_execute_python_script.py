"""Execute Python Script: valid scripts, and the message for each mistake."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import DesignerError, ScriptFailed
from designer.contract.metrics import logging_to
from designer.contract.values import Archive
from modules.script.execute_python_script import TEMPLATE, ExecutePythonScript, check_script
from tests.tables import read_only

FRAME = read_only(pd.DataFrame({"a": [1, 2], "s": ["x", "y"]}))
HEAD = "def azureml_main(dataframe1=None, dataframe2=None):\n"


def run(script: str, *inputs: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    return ExecutePythonScript.read({"script": script}).run(*(inputs or (FRAME,)))


def test_the_template_hands_its_table_on(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = run(TEMPLATE)
    pd.testing.assert_frame_equal(first, FRAME)
    assert second.empty
    assert "2 rows" in capsys.readouterr().out


def test_a_script_may_change_its_copy_and_return_two_tables() -> None:
    first, second = run(HEAD + "    dataframe1['a'] += 1\n    return dataframe1, dataframe1.head(1)")
    assert first["a"].tolist() == [2, 3]
    assert len(second) == 1
    assert FRAME["a"].tolist() == [1, 2]


def test_a_script_logs_metrics_and_tags() -> None:
    script = (
        "from designer.contract.metrics import log, tag\n" + HEAD + "    log('mean', dataframe1['a'].mean(), step=3)\n"
        "    tag('owner', 'Ada')\n    return dataframe1,\n"
    )
    messages: list[object] = []
    with logging_to(messages.append):
        run(script)
    assert messages == [{"metric": "mean", "value": 1.5, "step": 3}, {"tag": "owner", "value": "Ada"}]


def test_inputs_that_are_not_wired_are_none() -> None:
    module = ExecutePythonScript.read(
        {"script": HEAD + "    import pandas\n    return pandas.DataFrame({'none': [dataframe1 is None]})"}
    )
    assert module.run()[0]["none"].tolist() == [True]


def test_the_bundle_lies_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bundle = Archive({"bundled_rule.py": b"FACTOR = 3", "data/a.txt": b"7"})
    read = "    import bundled_rule, pathlib\n    add = int(pathlib.Path('./Script Bundle/data/a.txt').read_text())\n"
    script = HEAD + read + "    return dataframe1.assign(a=dataframe1.a * bundled_rule.FACTOR + add)"
    assert run(script, FRAME, None, bundle)[0]["a"].tolist() == [10, 13]
    assert Path.cwd() == tmp_path
    with pytest.raises(DesignerError, match="unsafe name") as unsafe:
        run(script, FRAME, None, Archive({"../evil.py": b""}))
    assert unsafe.value.code == "0102"
    assert not (tmp_path / "evil.py").exists()


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "a/../../evil.py", "a\\evil.py", "a\0.py"])
def test_a_bundle_with_an_unsafe_name_is_refused_and_writes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(DesignerError, match="unsafe name") as refused:
        run(TEMPLATE, FRAME, None, Archive({"fine.py": b"", name: b"EVIL = 1"}))
    assert refused.value.code == "0102"
    assert list(tmp_path.rglob("*")) == []


def test_a_bundle_replaces_no_installed_module_and_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tabnanny", raising=False)
    fake = b"raise RuntimeError('the file of the bundle was imported')"
    names = ("tabnanny", "pandas", "sklearn")
    files = {f"{name}.py": fake for name in names}
    body = f"    import {', '.join(names)}, own_rule\n    return dataframe1.assign(a=own_rule.FACTOR)"
    for factor in (3, 5):
        bundle = Archive({**files, "own_rule.py": f"FACTOR = {factor}".encode()})
        before = (list(sys.path), os.getcwd())
        assert run(HEAD + body, FRAME, None, bundle)[0]["a"].tolist() == [factor, factor]
        assert ((list(sys.path), os.getcwd()), "own_rule" in sys.modules) == (before, False)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    return 1 / 0", "line 2: ZeroDivisionError"),
        ("    return dataframe1['none']", "line 2: KeyError"),
        ("    exit()", "line 2: the script called exit"),
        ("    return None", "returned nothing"),
        ("    return [1]", "returned an int among"),
        ("    return dataframe1, dataframe1, dataframe1", "returned 3 tables"),
        ("    return {'a': 1}", "returned dict"),
        ("    return dataframe1.assign(f=[print, len])", "column 'f' holds builtin_function_or_method"),
        ("    return dataframe1.rename(columns={'s': 'a'})", "several columns are named 'a'"),
        (
            "    class E(Exception):\n        def __str__(self): raise ValueError\n    raise E",
            "its message cannot be shown",
        ),
    ],
)
def test_a_failing_script_says_where(body: str, message: str) -> None:
    with pytest.raises(ScriptFailed) as error:
        run(HEAD + body)
    assert message in str(error.value)
    assert error.value.code == "0085"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("def azureml_main(:", "line 1"),
        ("x = 1", "defines no azureml_main"),
        ("def azureml_main(a): return a", "takes 1 of the two"),
        ("async def azureml_main(a, b): return a", "async"),
    ],
)
def test_a_script_that_cannot_run_is_refused_before_it_runs(script: str, message: str) -> None:
    with pytest.raises(ScriptFailed, match=message):
        run(script)


def test_checking_never_executes(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    check_script(f"open({str(canary)!r}, 'w').close()\n" + HEAD + "    return dataframe1")
    assert not canary.exists()
