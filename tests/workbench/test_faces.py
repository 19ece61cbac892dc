"""Every verb of the workbench is available on a page, as a command, in the SDK and over HTTP, or is an exception."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from typer.main import get_command

from designer.cli.app import app
from designer.workbench.workbench import Workbench

DESIGNER = Path(__file__).parent.parent.parent / "designer"
COMMANDS = {
    "components.archive": "component archive",
    "components.build_environment": "environment build",
    "components.clean_environments": "environment clean",
    "components.set_default": "component default",
    "computes.add": "compute add",
    "computes.remove": "compute remove",
    "computes.set_default": "compute default",
    "computes.test": "compute test",
    "datasets.delete": "dataset remove",
    "datasets.forget": "dataset remove",
    "datasets.restore": "dataset restore",
    "datasets.sweep": "dataset sweep",
    "datastores.delete": "datastore delete",
    "datastores.register": "datastore add",
    "datastores.register_file": "datastore import",
    "datastores.register_query": "datastore query",
    "datastores.remove": "datastore remove",
    "datastores.set_default": "datastore default",
    "datastores.upload": "datastore upload",
    "endpoints.delete": "endpoint delete",
    "endpoints.pause": "endpoint pause",
    "endpoints.promote": "endpoint promote",
    "endpoints.resume": "endpoint resume",
    "endpoints.reveal": "endpoint keys",
    "endpoints.rotate": "endpoint keys",
    "endpoints.score_file": "score",
    "experiments.archive": "experiment archive",
    "experiments.describe": "experiment describe",
    "experiments.restore": "experiment restore",
    "exports.endpoint": "endpoint export",
    "exports.pipeline": "pipeline export",
    "inference.deploy": "pipeline deploy",
    "inference.keep": "pipeline infer",
    "models.all": "model list",
    "editing.keep_step": "component keep",
    "editing.save": "parameter set",
    "exports.component": "component export",
    "parameters.change": "parameter set",
    "parameters.demote": "parameter demote",
    "parameters.listed": "parameter list",
    "parameters.promote": "parameter promote",
    "parameters.remove": "parameter remove",
    "pipelines.create_blank": "pipeline new",
    "pipelines.create_from_template": "pipeline new",
    "pipelines.delete": "pipeline delete",
    "pipelines.duplicate": "pipeline copy",
    "pipelines.forget": "pipeline delete",
    "pipelines.import_document": "pipeline import",
    "pipelines.restore": "pipeline restore",
    "published.delete": "published delete",
    "published.describe": "published describe",
    "published.disable": "published disable",
    "published.enable": "published enable",
    "published.publish_draft": "published add",
    "published.publish_run": "published add",
    "published.reveal": "published keys",
    "published.rotate": "published keys",
    "published.set_default": "published default",
    "published.submit": "published submit",
    "runs.cancel": "run cancel",
    "runs.compare": "run compare",
    "runs.compare_many": "run compare",
    "runs.describe": "run describe",
    "runs.forget_filter": "run filters",
    "runs.keep_filter": "run list",
    "runs.listed": "run list",
    "runs.log": "run show",
    "runs.submit": "run submit",
    "schedules.add": "schedule add",
    "schedules.delete": "schedule delete",
    "schedules.disable": "schedule disable",
    "schedules.enable": "schedule enable",
    "schedules.fire": "schedule fire",
    "tokens.new": "token new",
    "tokens.revoke": "token revoke",
}
"""Verbs that both interfaces offer, with their command."""

PAGES_ONLY = {
    "endpoints.certify_apart": "`designer certify` calls `certify`, which needs no process of its own there",
    "pipelines.create": "from a dataset; `designer dataset pipeline` writes a document",
}
COMMANDS_ONLY = {
    "components.add": "reads the files beside it, which a browser does not send",
    "datasets.add": "a page reads an upload, shows it, and registers it as it was corrected",
    "datastores.download": "a page reads one file and passes it on",
    "endpoints.certify": "pages call `certify_apart`",
    "endpoints.roll_back": "a page names the version: `promote`",
    "exports.onnx": "of a document",
    "editing.use_offered": "the canvas sends the edit that the warning of a step holds",
    "exports.document": "of a document",
    "inference.deploy_document": "of a document",
    "jobs.import_file": "reads the files beside it, which a browser does not send",
    "jobs.keep_programs": "of a file",
    "inference.of_run": "of a document",
    "models.export": "a page exports the endpoint or the pipeline",
    "published.publish": "of a document",
    "searches.keep_best": "the pages do not show searches yet",
}
SDK_ONLY = {
    "components.keep": "of a pipeline in code",
    "components.register": "of a script in code",
    "datasets.register_table": "a table in memory; pages and commands take files",
    "pipelines.keep": "pages save edits, and commands import a document",
    "runs.submit_document": "of a pipeline in code; `designer run FILE` runs a document here",
}
API_ONLY = {
    "components.keep_code": "the snapshot that a program sends before its component",
    "components.register_stored": "of a component whose snapshot was sent",
    "datasets.add_arrow": "a table of a program that runs elsewhere",
    "pipelines.replace": "a whole document; pages save edits",
}
READS = {
    "components": {"all", "environments", "get", "has_code", "used_in", "version", "versions"},
    "computes": {"all", "default", "get", "here", "is_supported", "runs_using"},
    "datasets": {"all", "samples", "names", "get", "rows", "notices", "profile", "first_pipeline", "is_trashed",
                 "statistics", "table", "versions", "before", "difference", "stored_difference"},
    "datastores": {"address", "all", "entries", "files", "get", "holdings", "is_own", "query", "read", "secrets",
                   "tables", "test"},
    "editing": {"open", "opened", "check", "analyse", "analyse_here", "awaits_audit"},
    "endpoints": {"all", "get", "versions", "next_version", "of_pipeline", "keys", "answering",
                  "requests_since"},
    "experiments": {"all", "get", "last_of", "usable"},
    "inference": {"prepare"},
    "jobs": {"read"},
    "models": {"find"},
    "parameters": {"shareable"},
    "pipelines": {"all", "get", "find", "edited_last", "inference_of", "of_run"},
    "published": {"address", "all", "datasets", "find", "keys", "latest_runs", "runs", "version", "versions"},
    "runs": {"all", "before", "get", "find", "latest", "waiting_before", "last_event", "node", "nodes", "rows",
             "value", "engine_is_running", "forecast", "require_metric", "require_sortable", "is_stuck",
             "events", "log_part", "stamp", "metrics", "series", "filter",
             "filters", "latest_states", "heads", "nodes_of", "profile", "checked_assignments"},
    "searches": {"all", "get", "leaderboard", "of_result", "of_run"},
    "tokens": {"all", "admitted"},
    "schedules": {"all", "fires", "get", "idle_since", "next_times", "standing", "times_of"},
}  # fmt: skip
"""Verbs that only read; each interface calls those it shows."""


READS["editing"].add("is_anonymous")


def verbs() -> Iterator[str]:
    """Every public verb of the workbench, as `noun.verb`."""
    for noun, getter in inspect.getmembers(Workbench, lambda member: isinstance(member, property)):
        kind = typing.get_type_hints(getter.fget)["return"]
        if kind.__module__.startswith("designer.workbench"):
            yield from (f"{noun}.{name}" for name, _ in inspect.getmembers(kind, inspect.isfunction) if name[0] != "_")


def commands() -> Iterator[str]:
    """Every command as its words, such as `run list`."""

    def below(command: click.Command, words: tuple[str, ...]) -> Iterator[str]:
        yield " ".join(words)
        for name, child in getattr(command, "commands", {}).items():
            yield from below(child, (*words, name))

    yield from below(get_command(app), ())


@cache
def called(folder: str) -> set[str]:
    """The verbs called in the sources of an interface, as `noun.verb`."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DESIGNER / folder).rglob("*.py")))
    return {verb for verb in verbs() if re.search(rf"\b{re.escape(verb)}\b", text)}


def test_every_verb_is_told_of() -> None:
    reads = {f"{noun}.{verb}" for noun, names in READS.items() for verb in names}
    groups = [set(COMMANDS), set(PAGES_ONLY), set(COMMANDS_ONLY), set(SDK_ONLY), set(API_ONLY), reads]
    assert set(verbs()) == set().union(*groups)
    assert sum(map(len, groups)) == len(set().union(*groups))


def test_a_verb_with_two_faces_has_a_command_and_is_called_by_both() -> None:
    assert set(COMMANDS.values()) <= set(commands())
    assert set(COMMANDS) - called("cli") == set()
    assert set(COMMANDS) - called("ui") == set()


def test_a_verb_with_one_face_is_called_there_and_only_there() -> None:
    assert called("ui") & COMMANDS_ONLY.keys() == set()
    assert COMMANDS_ONLY.keys() - called("cli") == set()
    assert called("cli") & PAGES_ONLY.keys() == set()
    assert PAGES_ONLY.keys() - called("ui") == set()
    assert (called("ui") | called("cli")) & SDK_ONLY.keys() == set()
    assert SDK_ONLY.keys() - called("sdk") == set()
    assert (called("ui") | called("cli")) & API_ONLY.keys() == set()
    assert API_ONLY.keys() - called("api") == set()


def test_every_verb_that_looks_is_called() -> None:
    reads = {f"{noun}.{verb}" for noun, names in READS.items() for verb in names}
    assert reads - called("cli") - called("ui") - called("sdk") - called("api") - called("workbench") == set()
