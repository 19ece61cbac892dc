"""The command `designer`.

Each command imports what it needs when it is called: pandas and scikit-learn take seconds that `--help` does not have.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from designer import settings
from designer.cli import endpoints, models, pipelines, runs
from designer.cli.groups import DEFAULT, FileOrVerb
from designer.cli.options import READING_HELP, Accept, Dataset, File, Json, Name, Workspace, folder_of
from designer.cli.start import CannotStart, start
from designer.contract.errors import DesignerError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Low-code machine learning on your own machine.",
)
run = typer.Typer(
    no_args_is_help=True, cls=FileOrVerb, help="Run a document; submit, list, show, cancel, compare runs."
)
dataset = typer.Typer(no_args_is_help=True, help="Registered datasets.")
app.add_typer(run, name="run")
app.add_typer(pipelines.app, name="pipeline")
app.add_typer(dataset, name="dataset")
app.add_typer(models.app, name="model")
app.add_typer(endpoints.app, name="endpoint")
run.command("submit")(runs.submit)
run.command("list")(runs.print_list)
run.command("show")(runs.show)
run.command("cancel")(runs.cancel)
run.command("compare")(runs.compare)

Port = Annotated[
    int,
    typer.Option(
        min=1, max=65534, metavar="N", envvar="DESIGNER_PORT", help="The page; scoring listens on the next one."
    ),
]


@app.command("start")
def start_command(
    workspace: Workspace = None,
    port: Port = settings.DEFAULT_PORT,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
) -> None:
    """Start the page, the engine and the scoring process, until Ctrl-C."""
    raise typer.Exit(start(folder_of(workspace), port, open_browser=open_browser))


@app.command("open")
def open_command(
    workspace: Workspace = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65534, metavar="N", help="Needed only for a page that was started by itself."),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--print", help="Open it, or print the address.")] = True,
) -> None:
    """Let a browser into a running Designer: an address that works once, for a minute."""
    from designer.cli import catalogue

    catalogue.open_page(folder_of(workspace), port, browser=browser)


@run.command(DEFAULT)
def run_file(
    file: File,
    workspace: Workspace = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NODE.PARAMETER=VALUE")] = None,
    to: Annotated[str | None, typer.Option(metavar="NODE", help="Run only what this node needs.")] = None,
    force: Annotated[bool, typer.Option(help="Reuse nothing.")] = False,
    json: Json = False,
) -> None:
    """Run a pipeline: one line a node as it happens. Exits with 0 only if all nodes finished."""
    from designer.engine.backends import begin_backend

    begun = begin_backend()  # it loads its libraries while this process loads its own
    from designer.cli import running

    raise typer.Exit(running.run(folder_of(workspace), file, set_ or [], begun, to=to, force=force, json=json))


@app.command()
def check(file: File, workspace: Workspace = None, json: Json = False) -> None:
    """Say what stands in the way of a run, and where test rows leak. Exits with 1 where something does."""
    from designer.cli import running

    raise typer.Exit(running.check_file(folder_of(workspace), file, json=json))


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

    delivery.infer(folder_of(workspace), file, output, kind, score)


@app.command()
def deploy(
    file: File,
    name: Annotated[str, typer.Option(metavar="N", help="The endpoint's name.")],
    accept_differences: Accept = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Deploy an inference pipeline to an endpoint of the scoring process."""
    from designer.cli import delivery

    folder = folder_of(workspace)
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

    raise typer.Exit(delivery.certify(folder_of(workspace), name, version, json=json))


@app.command()
def score(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Rows to score: any file that can be a dataset.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="CSV, TSV or Parquet. Default: the terminal.")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Score the rows of a file with a deployed endpoint."""
    from designer.cli import delivery

    delivery.score(folder_of(workspace), name, file, output)


@app.command()
def export(
    file: File,
    to: Annotated[str, typer.Option(metavar="onnx|python|notebook")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT")],
    workspace: Workspace = None,
) -> None:
    """Write an inference pipeline as one ONNX file, or a training pipeline as a plain script or notebook."""
    from designer.cli import delivery

    delivery.export(folder_of(workspace), file, to, output)


@app.command()
def modules(json: Json = False, markdown: bool = typer.Option(False, hidden=True), workspace: Workspace = None) -> None:
    """List the modules: ids, ports, parameters."""
    from designer.cli import catalogue

    catalogue.print_modules(folder_of(workspace), json=json, markdown=markdown)


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

    cleaning.clean_results(folder_of(workspace), keep, dry_run=dry_run, json=json)


@app.command()
def rebuild(
    workspace: Workspace = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is missing.")] = False,
    json: Json = False,
) -> None:
    """Bring back what the workspace's database has lost, from the manifests beside the artifacts."""
    from designer.cli import rebuilding

    rebuilding.rebuild(folder_of(workspace), dry_run=dry_run, json=json)


@dataset.command("add")
def dataset_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, Excel, JSON lines or Parquet.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Default: the file's, without its ending.")] = None,
    separator: Annotated[str | None, typer.Option(metavar="MARK", help="What stands between cells, as ';'.")] = None,
    skip_rows: Annotated[int | None, typer.Option(min=0, metavar="N", help="Rows to skip above the header.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help=READING_HELP)] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Register a file as a dataset; the same name makes a new version."""
    from designer.cli import data

    settings = [*data.layout(separator, skip_rows), *(set_ or [])]
    data.add(folder_of(workspace), file, name, settings, json=json)


@dataset.command("list")
def dataset_list(
    workspace: Workspace = None,
    json: Json = False,
    trash: Annotated[bool, typer.Option("--trash", help="List what is in the trash instead.")] = False,
) -> None:
    """List the datasets and the samples that ship."""
    from designer.cli import data

    data.print_list(folder_of(workspace), trash=trash, json=json)


@dataset.command("show")
def dataset_show(
    name: Dataset,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the newest.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show a dataset: its columns, and what reading its file lost or left open."""
    from designer.cli import data

    data.show(folder_of(workspace), name, version, json=json)


@dataset.command("pipeline")
def dataset_pipeline(
    name: Dataset,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The pipeline document.")],
    label: Annotated[str | None, typer.Option(metavar="COLUMN", help="What to predict; none finds groups.")] = None,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the newest.")] = None,
    workspace: Workspace = None,
) -> None:
    """Build a first pipeline of a dataset, as the page does: it runs as it is, or the command says what is missing."""
    from designer.cli import data

    data.build_pipeline(folder_of(workspace), name, output, label, version)


@dataset.command("remove")
def dataset_remove(
    name: Dataset,
    workspace: Workspace = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Remove it from the trash too.")] = False,
) -> None:
    """Move a dataset to the trash. Pipelines keep what they computed from it."""
    from designer.cli import data

    data.remove(folder_of(workspace), name, for_ever=for_ever)


@dataset.command("restore")
def dataset_restore(name: Dataset, workspace: Workspace = None) -> None:
    """Take a dataset out of the trash."""
    from designer.cli import data

    data.restore(folder_of(workspace), name)


@dataset.command("sweep")
def dataset_sweep(workspace: Workspace = None) -> None:
    """Remove uploaded files that nothing uses and nobody touched for a week. Pages do so at each start."""
    from designer.cli import data

    data.sweep_uploads(folder_of(workspace))


def main() -> None:
    """Run the command; errors go to standard error in one sentence, with exit code 2."""
    for name, meant in settings.misspelt_variables().items():
        print(f"designer: the variable {name} is not read. Did you mean {meant}?", file=sys.stderr)
    try:
        app()
    except (DesignerError, CannotStart) as error:
        print(f"designer: {error}", file=sys.stderr)
        sys.exit(getattr(error, "exit_code", 2))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        from designer.store.artifacts.blobs import disk_error

        print(f"designer: {disk_error(error)}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
