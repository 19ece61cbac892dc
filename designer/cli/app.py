"""The command `designer`.

Each command imports what it needs when it is called: pandas and scikit-learn take seconds that `--help` does not have.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from designer import settings
from designer.cli.start import CannotStart, start
from designer.contract.errors import DesignerError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Low-code machine learning on your own machine.",
)
dataset = typer.Typer(no_args_is_help=True, help="Registered datasets.")
app.add_typer(dataset, name="dataset")

Workspace = Annotated[
    Path | None, typer.Option("--workspace", metavar="DIR", help="The folder that holds everything (.designer).")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A pipeline document.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint.")]
Dataset = Annotated[str, typer.Argument(metavar="NAME", help="The dataset.")]


@app.command("start")
def start_command(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option(min=1, max=65534, help="The page; scoring listens on the next one.")] = 0,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
) -> None:
    """Start the page, the engine and the scoring process, until Ctrl-C."""
    raise typer.Exit(start(_folder(workspace), port or settings.default_port(), open_browser=open_browser))


@app.command("open")
def open_command(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option(min=1, max=65534)] = 0,
    browser: Annotated[bool, typer.Option("--browser/--print", help="Open it, or print the address.")] = True,
) -> None:
    """Let a browser into a running Designer: an address that works once, for a minute."""
    from designer.cli import catalogue

    catalogue.open_page(_folder(workspace), port or settings.default_port(), browser=browser)


@app.command()
def run(
    file: File,
    workspace: Workspace = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NODE.PARAMETER=VALUE")] = None,
    to: Annotated[str | None, typer.Option(metavar="NODE", help="Run only what this node needs.")] = None,
    force: Annotated[bool, typer.Option(help="Reuse nothing.")] = False,
    json: Json = False,
) -> None:
    """Run a pipeline: one line a node as it happens. Exits with 0 only if all nodes finished."""
    from designer.engine.forkserver import launch

    server = launch()  # it loads its libraries while this process loads its own
    from designer.cli import running

    raise typer.Exit(running.run(_folder(workspace), file, set_ or [], server, to=to, force=force, json=json))


@app.command()
def check(file: File, workspace: Workspace = None, json: Json = False) -> None:
    """Say what stands in the way of a run, and where test rows leak. Exits with 1 where something does."""
    from designer.cli import running

    raise typer.Exit(running.check_file(_folder(workspace), file, json=json))


@app.command()
def infer(
    file: File,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The inference pipeline.")],
    kind: Annotated[str, typer.Option(metavar="realtime|batch")] = "realtime",
    score: Annotated[str | None, typer.Option(metavar="NODE", help="The Score node, where there are several.")] = None,
    workspace: Workspace = None,
) -> None:
    """Create the inference pipeline of a training pipeline, with a reason for every step. Runs what has not run."""
    from designer.cli import delivery

    delivery.infer(_folder(workspace), file, output, kind, score)


@app.command()
def deploy(
    file: File,
    name: Annotated[str, typer.Option(metavar="N", help="The endpoint's name.")],
    accept_differences: Annotated[bool, typer.Option(help="Go live though the certificate shows differences.")] = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Deploy an inference pipeline to an endpoint of the scoring process."""
    from designer.cli import delivery

    folder = _folder(workspace)
    raise typer.Exit(delivery.deploy(folder, file, name, accept_differences=accept_differences, json=json))


@app.command()
def certify(
    name: Name,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the version that answers.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Check a deployed version again against its training run. Exits with 1 where answers differ."""
    from designer.cli import delivery

    raise typer.Exit(delivery.certify(_folder(workspace), name, version, json=json))


@app.command()
def score(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Rows to score: CSV or Parquet.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help="Default: the terminal.")] = None,
    workspace: Workspace = None,
) -> None:
    """Score the rows of a file with a deployed endpoint."""
    from designer.cli import delivery

    delivery.score(_folder(workspace), name, file, output)


@app.command()
def export(
    file: File,
    to: Annotated[str, typer.Option(metavar="onnx|python|notebook")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT")],
    workspace: Workspace = None,
) -> None:
    """Write an inference pipeline as one ONNX file, or a training pipeline as a plain script or notebook."""
    from designer.cli import delivery

    delivery.export(_folder(workspace), file, to, output)


@app.command()
def modules(json: Json = False, markdown: bool = typer.Option(False, hidden=True), workspace: Workspace = None) -> None:
    """List the modules: ids, ports, parameters."""
    from designer.cli import catalogue

    catalogue.print_modules(_folder(workspace), json=json, markdown=markdown)


@app.command()
def samples(
    write: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the documents as files.")] = None,
    json: Json = False,
) -> None:
    """List the sample pipelines."""
    from designer.cli import catalogue

    catalogue.print_samples(write, json=json)


@app.command()
def clean(
    workspace: Workspace = None,
    keep: Annotated[int, typer.Option(min=1, metavar="N", help="Keep the results of so many runs a pipeline.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: Json = False,
) -> None:
    """Remove stored results that no dataset, pipeline, model, endpoint or newest run refers to."""
    from designer.cli import cleaning

    cleaning.clean_results(_folder(workspace), keep, dry_run=dry_run, json=json)


@dataset.command("add")
def dataset_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, Excel, JSON lines or Parquet.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Default: the file's name.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Register a file as a dataset; the same name makes a new version."""
    from designer.cli import data

    data.add(_folder(workspace), file, name, set_ or [], json=json)


@dataset.command("list")
def dataset_list(
    workspace: Workspace = None,
    json: Json = False,
    trash: Annotated[bool, typer.Option("--trash", help="List what is in the trash instead.")] = False,
) -> None:
    """List the datasets and the samples that ship."""
    from designer.cli import data

    data.print_list(_folder(workspace), trash=trash, json=json)


@dataset.command("remove")
def dataset_remove(
    name: Dataset,
    workspace: Workspace = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Remove it from the trash too.")] = False,
) -> None:
    """Move a dataset to the trash. Pipelines keep what they computed from it."""
    from designer.cli import data

    data.remove(_folder(workspace), name, for_ever=for_ever)


@dataset.command("restore")
def dataset_restore(name: Dataset, workspace: Workspace = None) -> None:
    """Take a dataset out of the trash."""
    from designer.cli import data

    data.restore(_folder(workspace), name)


@dataset.command("sweep")
def dataset_sweep(workspace: Workspace = None) -> None:
    """Remove uploaded files that nothing uses and nobody touched for a week. Pages do so at each start."""
    from designer.cli import data

    data.sweep_uploads(_folder(workspace))


def main() -> None:
    """Run the command; errors go to standard error in one sentence, with exit code 2."""
    try:
        app()
    except (DesignerError, CannotStart) as error:
        print(f"designer: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _folder(workspace: Path | None) -> Path:
    return (workspace or settings.default_workspace()).resolve()
