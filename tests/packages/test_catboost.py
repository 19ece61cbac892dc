"""The package designer-catboost, installed into a folder of its own, works as shipped modules do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.pipeline.document import to_document
from designer.pipeline.handbook import handbook
from designer.samples.templates import templates

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".tools" / f"catboost-{sys.version_info.major}.{sys.version_info.minor}"
LIBRARIES = ("catboost==1.2.10", "six==1.17.0")
METRIC = re.compile(r"AUC(?: = | )([\d.]+)")


def install(target: Path, *packages: str) -> None:
    """Install packages without what they require into a folder."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", target]
    answer = subprocess.run([*command, *packages], capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.fail(f"pip cannot reach an index or cannot build: {', '.join(packages)} not installed\n{answer.stderr}")


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a process that finds the package."""
    if not (CACHE / ".ready").exists():
        shutil.rmtree(CACHE, ignore_errors=True)
        install(CACHE, *LIBRARIES)
        (CACHE / ".ready").touch()
    site = tmp_path_factory.mktemp("site")
    install(site, str(ROOT / "packages" / "designer-catboost"))
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(CACHE)])}


def run(environment: dict[str, str], *command: object, folder: Path = ROOT) -> str:
    """The output of a Python process; fails with its errors if it ends with one."""
    answer = subprocess.run(
        [sys.executable, *map(str, command)], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return answer.stdout


def test_without_the_package_nothing_mentions_it() -> None:
    assert "catboost" not in handbook(Library.scan()).casefold()
    assert "catboost" not in (ROOT / "requirements.lock").read_text()


def test_the_catalogue_says_where_a_module_comes_from(environment: dict[str, str]) -> None:
    modules = json.loads(run(environment, "-m", "designer", "modules", "--json"))
    brought = {module["id"]: module["package"] for module in modules if module["package"]}
    assert brought == dict.fromkeys(("catboost-classification", "catboost-regression"), "designer-catboost 0.1.0")


def test_the_readme_shows_the_entry_points_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "packages/designer-catboost/pyproject.toml").read_text())["project"]
    block = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block is not None
    assert tomllib.loads(block.group(1))["project"]["entry-points"] == declared["entry-points"]


def test_numbers_equal_plain_catboost_and_onnx(environment: dict[str, str]) -> None:
    run(environment, "-W", "error", Path(__file__).with_name("catboost_numbers.py"))


def test_the_promises_of_every_module_hold(environment: dict[str, str]) -> None:
    files = ("tests/test_library.py", "tests/modules/test_learner_promises.py")
    answer = run(environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", "catboost")
    assert "[100%]" in answer


def test_a_pipeline_runs_and_is_exported_and_deployed(environment: dict[str, str], tmp_path: Path) -> None:
    sample = next(template.pipeline for template in templates() if template.id == "census-income")
    document = to_document(sample)
    document["nodes"]["boosted"] |= {"module": "catboost-classification", "parameters": {"number_of_iterations": 30}}
    (tmp_path / "census.json").write_text(json.dumps(document))

    def designer(*words: str) -> str:
        return run(environment, "-m", "designer", *words, "--workspace", "w", folder=tmp_path)

    scores = METRIC.findall(designer("run", "census.json"))
    designer("infer", "census.json", "--kind", "realtime", "-o", "inference.json")
    deployed = designer("deploy", "inference.json", "--name", "census")
    assert "served by onnxruntime" in deployed
    assert "6,000 held-out" in deployed
    assert "no label differs" in deployed
    designer("export", "census.json", "--to", "python", "-o", "script/census.py")
    script = tmp_path / "script" / "census.py"
    assert "Needs only pandas, scikit-learn and catboost." in script.read_text()
    assert "designer_catboost" not in script.read_text()
    printed = METRIC.findall(run(environment, script, folder=tmp_path))
    assert [float(value) for value in printed] == pytest.approx([float(value) for value in scores], abs=1e-6)
