"""The fields of pipeline jobs with their help, and what cannot be done."""

from __future__ import annotations

from collections.abc import Mapping

PIPELINE_KINDS = ("pipeline", "pipelineJob")
JOB_KINDS = ("command", "component")

PIPELINE_FIELDS: Mapping[str, str] = {
    "$schema": "The schema of the file; not read.",
    "type": "The kind of job.",
    "name": "The name of the pipeline, where it has no display_name.",
    "display_name": "The name of the pipeline.",
    "description": "What it does.",
    "experiment_name": "The experiment of its runs.",
    "tags": "Tags of its runs.",
    "inputs": "Values and data by name; a run may set others.",
    "outputs": "What jobs make, by name; a run keeps all of it.",
    "settings": "How it runs.",
    "compute": "Not used: Designer runs on this computer.",
    "jobs": "The steps by name.",
    "properties": "Not read.",
    "services": "Not read.",
    "identity": "Not read.",
    "creation_context": "Not read.",
    "queue_settings": "Not read.",
}

SETTINGS: Mapping[str, str] = {
    "force_rerun": "Whether results are computed anew instead of reused.",
    "environment": "The environment of commands that name none.",
    "default_compute": "Not used: Designer runs on this computer.",
    "compute": "Not used: Designer runs on this computer.",
    "default_datastore": "Not used: results are kept in the workspace.",
    "datastore": "Not used: results are kept in the workspace.",
    "continue_on_step_failure": "Not used: steps that need nothing of a failed one run in any case.",
    "continue_run_on_step_failure": "Not used: steps that need nothing of a failed one run in any case.",
    "continue_run_on_failed_optional_input": "Not used.",
}

JOB_FIELDS: Mapping[str, str] = {
    "$schema": "Not read.",
    "type": "The kind of job.",
    "name": "Not read: a job has the name that it stands under.",
    "display_name": "The title of its card.",
    "description": "Shown on its card.",
    "component": "A component file, azureml:NAME:VERSION of a registered one, or the component itself.",
    "command": "The line for bash, with ${{inputs.NAME}} and ${{outputs.NAME}}.",
    "code": "The folder of the program, relative to the file.",
    "environment": "The packages of the program: a known name, or a conda_file or requirements.",
    "environment_variables": "Variables that the program gets.",
    "inputs": "Values, data, and what other jobs make, by name.",
    "outputs": "What the program writes, by name.",
    "compute": "Not used: Designer runs on this computer.",
    "resources": "Not used, but for instance_count, which is 1.",
    "distribution": "Refused: a program runs on one computer.",
    "is_deterministic": "Whether its results are reused while nothing changes.",
    "limits": "Not read.",
    "tags": "Not read.",
    "properties": "Not read.",
    "services": "Not read.",
    "identity": "Not read.",
    "queue_settings": "Not read.",
    "experiment_name": "Not read.",
    "comment": "Not read.",
}

DATA_FIELDS: Mapping[str, str] = {
    "type": "A file, a folder, or the type of a value.",
    "path": "A path relative to the file, azureml:NAME:VERSION of a dataset, or azureml://datastores/NAME/paths/PATH.",
    "mode": "Not read: files are always there.",
    "default": "The value.",
    "value": "The value.",
    "description": "What it is.",
    "optional": "Whether it may be left out.",
    "path_on_compute": "Not read.",
}

OUTPUT_FIELDS: Mapping[str, str] = {
    "type": "A file or a folder.",
    "mode": "Not read.",
    "description": "What it is.",
    "path": "Refused: results are kept in the workspace.",
    "name": "Refused: results are registered from a run.",
    "version": "Refused: results are registered from a run.",
    "path_on_compute": "Not read.",
}

NO_PIPELINE_FIELDS: Mapping[str, str] = {
    "schedule": "Publish the pipeline, and write: designer schedule add.",
    "on_init": "Make it a job that the others wait for.",
    "on_finalize": "Make it a job at the end.",
}
"""Fields of pipelines and of their settings that cannot be done, and what to do instead."""

NO_JOB_KINDS: Mapping[str, str] = {
    "sweep": "Use Tune Model Hyperparameters on the canvas, or submit the pipeline with several values.",
    "automl": "Use Tune Model Hyperparameters on the canvas.",
    "parallel": "Let one command read all of the data.",
    "spark": "Write it as a command.",
    "pipeline": "Write the jobs of the inner pipeline into this one.",
    "import": "Use Import from Database or a datastore.",
    "data_transfer": "Copy files in a command, or use a datastore.",
    "do_while": "Write the loop in a command.",
    "parallel_for": "Write the loop in a command.",
    "if_else": "Write the condition in a command.",
    "for_each": "Write the loop in a command.",
    "finetuning": "Write it as a command.",
}
"""Kinds of jobs that cannot be run, and what to do instead."""
