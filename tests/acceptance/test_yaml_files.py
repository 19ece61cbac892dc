"""Files written for another service: every component and pipeline job is read or refused in words, never a crash.

Each fixture holds a feature that public files have.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.pipeline.check import check
from designer.registry.component_file import read_component
from designer.registry.pipeline_job.reading import read_pipeline_job
from designer.store.workspace import open_workspace
from designer.workbench.components import Components
from designer.workbench.exports import Exports

HEAD = "$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\ntype: command\nname: fit\n"
SKLEARN = "environment: azureml://registries/azureml/environments/sklearn-1.5/labels/latest\n"
COMPONENTS = {
    "a curated environment": HEAD + SKLEARN + "command: echo 1\n",
    "a curated environment by version": HEAD + "environment: azureml:AzureML-sklearn-0.24-py37:5\ncommand: ls\n",
    "comments, dates and leading zeros": "# <x>\n" + HEAD + "version: 01\ntags: {a: 2024-01-02}\ncommand: ls\n",
    "a name that is none": HEAD.replace("name: fit", "name: r-iris example") + "command: ls\n",
    "every type of port": HEAD + "inputs:\n  a: {type: uri_folder}\n  b: {type: uri_file, mode: download}\n"
    "  c: {type: mltable}\n  d: {type: mlflow_model}\n  e: {type: custom_model}\n  f:\n    type: path\n"
    "outputs:\n  g: {type: uri_file, mode: upload}\n  h:\n    type: mlflow_model\n"
    "command: cp ${{inputs.a}} ${{inputs.b}} ${{inputs.c}} ${{inputs.d}} ${{inputs.e}} ${{inputs.f}} ${{outputs.g}}\n",
    "every type of setting": HEAD + "inputs:\n  n: {type: integer, default: -1, min: -1, max: 100}\n"
    "  x: {type: number, default: 1e-3}\n  s: {type: string, default: time-based, enum: [\"step\", time-based]}\n"
    "  b: {type: boolean, default: False}\n  o: {type: number, default: 10.99, optional: True, description: 'A: b'}\n"
    "command: >-\n  echo ${{inputs.n}} ${{inputs.x}} '${{inputs.s}}' ${{inputs.b}}\n  $[[--o ${{inputs.o}}]]\n",
    "an input that is named as a field of ours": HEAD + "inputs:\n  model_config: {type: string, default: x}\n"
    "command: echo ${{inputs.model_config}}\n",
    "code in a folder": HEAD + "code: ./src\n" + SKLEARN + "command: python train.py\nis_deterministic: false\n",
    "code in a file": HEAD + "code: src/train.py\ncommand: python train.py\n",
    "a conda file": HEAD + "environment:\n  conda_file: conda.yml\n  image: mcr.microsoft.com/x\ncommand: ls\n",
    "a conda environment in place": HEAD + "environment:\n  conda_file:\n    dependencies:\n      - python=3.11\n"
    "      - conda-forge::pytorch=2.1\n      - pip: [\"pandas>=2\"]\n    variables: {A: b}\ncommand: ls\n",
    "environment variables": HEAD + "environment_variables: {A: \"it's\"}\ncommand: echo $A\n",
    "resources of one computer": HEAD + "resources:\n  instance_count: 1\n  shm_size: 2g\ncommand: ls\n",
    "a placeholder in quotes": HEAD + "inputs:\n  a: {type: uri_folder}\ncommand: cat \"${{inputs.a}}/x\"\n",
    "YAML of Windows": "\ufeff" + (HEAD + "command: ls\n").replace("\n", "\r\n"),
}  # fmt: skip
REFUSED_COMPONENTS = {
    "an image": (HEAD + "environment: {image: python}\ncommand: ls\n", r"'environment' has no packages.*line"),
    "a build": (HEAD + "environment:\n  build: {path: docker}\ncommand: ls\n", "'environment' has no packages"),
    "an unknown environment": (HEAD + "environment: azureml:mine:1\ncommand: ls\n", "'environment' is 'mine', whose"),
    "several computers": (HEAD + "resources: {instance_count: 2}\ncommand: ls\n", "asks for several computers"),
    "a distribution": (HEAD + "distribution: {type: pytorch}\ncommand: ls\n", "'distribution' asks for several"),
    "another kind": (HEAD.replace("command\n", "pipeline\n", 1) + "jobs: {}\n", "'type' is 'pipeline'"),
    "a sweep": (HEAD.replace("command\n", "sweep\n", 1) + "trial: x\n", "'type' is 'sweep'"),
    "code by address": (HEAD + "code: https://example.org/x\ncommand: ls\n", "'code' is 'https://example.org/x'"),
    "code that is gone": (HEAD + "code: ./none\ncommand: ls\n", "there is no folder"),
    "code of an older form": (HEAD + "code: {local_path: ./src}\ncommand: ls\n", "'code' is not a text"),
    "no command": (HEAD, "has no 'command'"),
    "an anchor": (HEAD + "inputs: &a {}\ncommand: ls\n", "has an anchor or alias"),
    "a tag": (HEAD + "description: !!python/name:os.system x\ncommand: ls\n", "has the tag"),
    "a key twice": (HEAD + "name: other\ncommand: ls\n", "'name' is given twice"),
    "a misspelt field": (HEAD + "comand: ls\n", "'comand' is not known .*'command'"),
    "an unknown placeholder": (HEAD + "command: echo ${{inputs.x}}\n", "unknown input 'x'"),
    "a name of a port that is none": (HEAD + "inputs: {a-b: {type: uri_file}}\ncommand: ls\n", "'a-b' cannot name"),
    "a long name": (HEAD.replace("fit", "f" * 300) + "command: ls\n", "is not a name and version of a component"),
    "two documents": (HEAD + "command: ls\n---\n" + HEAD, "it is not YAML"),
    "nothing": ("", "it is empty"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("print(1)\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("a\n1\n")
    (tmp_path / "conda.yml").write_text("dependencies:\n- pip=21\n- scikit-learn==1.5\n- pip:\n  - joblib\n")
    (tmp_path / "one.yml").write_text(COMPONENTS["every type of setting"])
    return tmp_path


@pytest.mark.parametrize("feature", COMPONENTS)
def test_a_component_is_read_and_exported_and_is_the_same_when_it_is_read_again(feature: str, folder: Path) -> None:
    (folder / "fit.yml").write_text(COMPONENTS[feature], encoding="utf-8")
    read = read_component(folder / "fit.yml")
    own = read.spec.environment
    locked = replace(own, lock="scikit-learn==1.5.2 \\\n    --hash=sha256:0") if own else None  # no index is asked
    spec = replace(read.spec, environment=locked)
    with open_workspace(folder / "workspace") as workspace:
        registered = Components(workspace).register(replace(read, spec=spec), "yaml")
        written = Exports(workspace, Library()).component(registered.name, folder / "out")
        again = read_component(written)
        assert again.spec.digest == replace(registered, code="").digest
        assert replace(again.spec, code=registered.code) == registered


@pytest.mark.parametrize("feature", REFUSED_COMPONENTS)
def test_a_component_that_cannot_be_run_is_refused_in_words(feature: str, folder: Path) -> None:
    text, words = REFUSED_COMPONENTS[feature]
    (folder / "fit.yml").write_text(text)
    with pytest.raises(DesignerError, match=words), open_workspace(folder / "workspace") as workspace:
        Components(workspace).register(read_component(folder / "fit.yml"), "yaml")


PIPELINE = "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\ntype: pipeline\n"
PIPELINES = {
    "commands alone": "jobs:\n  a:\n    command: echo hello\n  b:\n    type: command\n    command: echo world\n",
    "an output without a type": "jobs:\n  a:\n    command: ls > ${{outputs.o}}/x\n    outputs:\n      o:\n"
    "  b:\n    command: cat ${{inputs.i}}/x\n    inputs:\n      i: ${{parent.jobs.a.outputs.o}}\n",
    "references of an older form": "inputs:\n  n: 3\njobs:\n  a: {type: component, component: ./one.yml, "
    "inputs: {n: '${{inputs.n}}'}}\n",
    "data by a reference": "jobs:\n  a: {command: 'ls > ${{outputs.o}}', outputs: {o: {type: uri_file}}}\n"
    "  b:\n    command: cat ${{inputs.i}}\n"
    "    inputs: {i: {type: uri_file, path: '${{parent.jobs.a.outputs.o}}', mode: download}}\n",
    "inputs that a run names": "inputs:\n  d: {type: mltable}\n  s: {type: string}\njobs:\n  a:\n"
    "    command: ls ${{inputs.d}} ${{inputs.s}}\n    inputs: {d: '${{parent.inputs.d}}', s: '${{parent.inputs.s}}'}\n",
    "settings, tags and an experiment": "experiment_name: e\ntags: {a: b}\nsettings:\n  default_compute: serverless\n"
    "  continue_on_step_failure: true\n  force_rerun: true\ncompute: azureml:c\njobs:\n  a: {command: ls}\n",
    "limits and services": "jobs:\n  a: {command: ls, limits: {timeout: 60}, services: {s: {type: jupyter_lab}}}\n",
}  # fmt: skip


@pytest.mark.parametrize("feature", PIPELINES)
def test_a_pipeline_job_is_read_without_problems(feature: str, folder: Path) -> None:
    (folder / "pipeline.yml").write_text(PIPELINE + PIPELINES[feature])
    library = Library.scan()
    job = read_pipeline_job(folder / "pipeline.yml", library)
    assert check(job.graph, job.modules(library)) == []


REFUSED_PIPELINES = {
    "a schedule": ("schedule: {type: cron}\njobs:\n  a: {command: ls}\n", "'schedule' is not done by a pipeline"),
    "a place for results": ("outputs: {o: {path: azureml://datastores/d/paths/x}}\njobs:\n  a: {command: ls}\n",
                            "'outputs.o.path' asks for a place of its own"),
    "a registry": ("jobs:\n  a: {component: azureml://registries/r/components/c}\n", "names a registry"),
    "an address": ("jobs:\n  a:\n    command: ls\n    inputs: {i: {type: uri_file, path: 'https://x/y'}}\n",
                   "'jobs.a.inputs.i.path' is 'https://x/y', which is not on this computer"),
    "an image": ("settings: {environment: {image: python}}\njobs:\n  a: {command: ls}\n", "has no packages"),
    "several computers": ("jobs:\n  a: {command: ls, resources: {instance_count: 4}}\n", "asks for several computers"),
    **{f"a job of kind {kind}": (f"jobs:\n  a: {{type: {kind}}}\n", f"'jobs.a.type' is '{kind}', a kind of job")
       for kind in ("sweep", "automl", "parallel", "spark", "pipeline", "data_transfer", "do_while", "parallel_for",
                    "if_else", "import", "finetuning")},
}  # fmt: skip


@pytest.mark.parametrize("feature", REFUSED_PIPELINES)
def test_a_pipeline_job_that_cannot_be_run_is_refused_in_words(feature: str, folder: Path) -> None:
    text, words = REFUSED_PIPELINES[feature]
    (folder / "pipeline.yml").write_text(PIPELINE + text)
    with pytest.raises(DesignerError, match=rf"pipeline.yml: .*{words}.*\(line \d+\)"):
        read_pipeline_job(folder / "pipeline.yml", Library.scan())
