"""The command `designer`.

Each command imports what it needs when it is called, since importing pandas and scikit-learn takes seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from designer import settings
from designer.cli import (
    components,
    computes,
    datastores,
    endpoints,
    experiments,
    models,
    published,
    schedules,
    searching,
    tokens,
)
from designer.cli.groups import DEFAULT, FileOrVerb
from designer.cli.options import (
    READING_HELP,
    Accept,
    ComputeName,
    Dataset,
    Description,
    Experiment,
    File,
    FileOrJob,
    Json,
    Name,
    Params,
    Tags,
    Workspace,
    folder_of,
)
from designer.cli.pipeline import parameters, pipelines
from designer.cli.run import run_list, run_metrics, runs
from designer.cli.starting import service
from designer.cli.starting.start import CannotStart, start
from designer.contract.errors import DesignerError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Low-code machine learning on your own machine.",
)
run = typer.Typer(
    no_args_is_help=True, cls=FileOrVerb, help="Run a document, or submit, list, show, cancel, tag and compare runs."
)
dataset = typer.Typer(no_args_is_help=True, help="Registered datasets.")
app.add_typer(run, name="run")
app.add_typer(pipelines.app, name="pipeline")
app.add_typer(parameters.app, name="parameter")
app.add_typer(dataset, name="dataset")
app.add_typer(datastores.app, name="datastore")
app.add_typer(computes.app, name="compute")
app.command("worker")(computes.worker)
app.add_typer(experiments.app, name="experiment")
app.add_typer(models.app, name="model")
app.add_typer(components.app, name="component")
app.add_typer(components.environments, name="environment")
app.add_typer(endpoints.app, name="endpoint")
app.add_typer(tokens.app, name="token")
app.add_typer(published.app, name="published")
app.add_typer(schedules.app, name="schedule")
app.add_typer(searching.app, name="search")
app.add_typer(service.app, name="service")
run.command("submit")(runs.submit)
run.command("list")(run_list.print_list)
run.command("filters")(run_list.print_filters)
run.command("show")(runs.show)
run.command("cancel")(runs.cancel)
run.command("compare")(runs.compare)
run.command("metrics")(run_metrics.print_metrics)
run.command("tag")(runs.tag)
run.command("describe")(runs.describe)

Port = Annotated[
    int,
    typer.Option(
        min=1, max=65534, metavar="N", envvar="DESIGNER_PORT", help="Port of the page; scoring uses the next one."
    ),
]


@app.command("start")
def start_command(
    workspace: Workspace = None,
    port: Port = settings.DEFAULT_PORT,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
) -> None:
    """Start the page, the engine and the scoring process; Ctrl-C stops them."""
    raise typer.Exit(start(folder_of(workspace), port, open_browser=open_browser))


@app.command("open")
def open_command(
    workspace: Workspace = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65534, metavar="N", help="Needed only for a page that was started on its own."),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--print", help="Open a browser, or print the address.")] = True,
) -> None:
    """Open the page of a running Designer. The address works once, within a minute."""
    from designer.cli import catalogue

    catalogue.open_page(folder_of(workspace), port, browser=browser)


@run.command(DEFAULT)
def run_file(
    file: FileOrJob,
    workspace: Workspace = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NODE.PARAMETER=VALUE")] = None,
    params: Params = None,
    to: Annotated[str | None, typer.Option(metavar="NODE", help="Run only this node and the steps before it.")] = None,
    force: Annotated[bool, typer.Option(help="Reuse no results.")] = False,
    experiment: Experiment = "",
    tag: Tags = None,
    description: Description = "",
    compute: ComputeName = "",
    json: Json = False,
) -> None:
    """Run a pipeline and print a line for each node as it ends. Exits with 0 only if all nodes finished."""
    from designer.engine.backends import begin_backend

    opening = begin_backend()  # loads its libraries while this process loads its own
    from designer.cli import running
    from designer.workbench.submitting import read_tags, submission

    about = submission(
        "cli", folder=file.absolute().parent, experiment=experiment, description=description,
        tags=read_tags(tag or []), compute=compute,
    )  # fmt: skip
    code = running.run(
        folder_of(workspace), file, set_ or [], opening, params=params or [], to=to, force=force, json=json, about=about
    )
    raise typer.Exit(code)


@app.command()
def tune(
    file: File,
    workspace: Workspace = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NODE.PARAMETER=VALUE")] = None,
    node: Annotated[
        str | None, typer.Option(metavar="NODE", help="The node that searches, if there are several.")
    ] = None,
    json: Json = False,
) -> None:
    """Run a pipeline up to the node that searches, and print its leaderboard. A search that ended early goes on."""
    from designer.engine.backends import begin_backend

    opening = begin_backend()  # loads its libraries while this process loads its own
    raise typer.Exit(searching.tune(folder_of(workspace), file, set_ or [], node, opening, json=json))


@app.command()
def check(file: FileOrJob, workspace: Workspace = None, params: Params = None, json: Json = False) -> None:
    """Check a pipeline for problems that prevent a run and for leakage. Exits with 1 if there is such a problem."""
    from designer.cli import running

    raise typer.Exit(running.check_file(folder_of(workspace), file, params or [], json=json))


@app.command()
def infer(
    file: File,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The file of the inference pipeline.")],
    kind: Annotated[str, typer.Option(metavar="realtime|batch")] = "realtime",
    score: Annotated[str | None, typer.Option(metavar="NODE", help="The Score node, if there are several.")] = None,
    params: Params = None,
    workspace: Workspace = None,
) -> None:
    """Create the inference pipeline of a training pipeline, with a reason for every step. Runs outdated steps first."""
    from designer.cli.pipeline import delivery

    delivery.infer(folder_of(workspace), file, output, kind, score, params or [])


@app.command()
def deploy(
    file: File,
    name: Annotated[str, typer.Option(metavar="N", help="The endpoint's name.")],
    accept_differences: Accept = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Deploy an inference pipeline to an endpoint."""
    from designer.cli.pipeline import delivery

    folder = folder_of(workspace)
    raise typer.Exit(delivery.deploy(folder, file, name, accept_differences=accept_differences, json=json))


@app.command()
def certify(
    name: Name,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the default version.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Check a deployed version against its training run again. Exits with 1 if scores differ."""
    from designer.cli.pipeline import delivery

    raise typer.Exit(delivery.certify(folder_of(workspace), name, version, json=json))


@app.command()
def score(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Rows to score, in any format of a dataset.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help="CSV, TSV or Parquet. Default: print it as text."),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Score the rows of a file with a deployed endpoint. Exits with 1 if rows were refused."""
    from designer.cli.pipeline import delivery

    raise typer.Exit(delivery.score(folder_of(workspace), name, file, output))


@app.command()
def export(
    file: File,
    to: Annotated[str, typer.Option(metavar="onnx|python|notebook")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT")],
    params: Params = None,
    workspace: Workspace = None,
) -> None:
    """Export an inference pipeline to ONNX, or a training pipeline to a Python script or notebook."""
    from designer.cli.pipeline import delivery

    delivery.export(folder_of(workspace), file, to, output, params or [])


@app.command()
def modules(json: Json = False, markdown: bool = typer.Option(False, hidden=True), workspace: Workspace = None) -> None:
    """List the modules; as JSON with ports and parameters."""
    from designer.cli import catalogue

    catalogue.print_modules(folder_of(workspace), json=json, markdown=markdown)


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="pipeline|component|pipeline-job")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="A file. Default: print it.")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Write the JSON Schema of documents, component files or pipeline jobs, by which editors complete and check them.

    That of pipelines has all modules, those and the components of the workspace included.
    """
    from designer.cli import schemas

    schemas.write_schema(folder_of(workspace), kind, output)


@app.command()
def samples(
    write: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the documents to this folder.")] = None,
    json: Json = False,
) -> None:
    """List the sample pipelines."""
    from designer.cli import catalogue

    catalogue.print_samples(write, json=json)


@app.command()
def clean(
    workspace: Workspace = None,
    keep: Annotated[int, typer.Option(min=1, metavar="N", help="The runs per pipeline whose results are kept.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be removed.")] = False,
    json: Json = False,
) -> None:
    """Remove stored results that no dataset, pipeline, model, endpoint or recent run refers to."""
    from designer.cli import cleaning

    cleaning.clean_results(folder_of(workspace), keep, dry_run=dry_run, json=json)


@app.command()
def rebuild(
    workspace: Workspace = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what is missing.")] = False,
    json: Json = False,
) -> None:
    """Restore what is missing from the workspace's database, from the manifests next to the artifacts."""
    from designer.cli import rebuilding

    rebuilding.rebuild(folder_of(workspace), dry_run=dry_run, json=json)


@dataset.command("add")
def dataset_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, Excel, JSON lines or Parquet.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Default: the file name, no extension.")] = None,
    separator: Annotated[str | None, typer.Option(metavar="MARK", help="The separator of cells, such as ';'.")] = None,
    skip_rows: Annotated[int | None, typer.Option(min=0, metavar="N", help="Rows to skip above the header.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help=READING_HELP)] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Register a file as a dataset; an existing name gets a new version."""
    from designer.cli import data

    settings = [*data.layout(separator, skip_rows), *(set_ or [])]
    data.add(folder_of(workspace), file, name, settings, json=json)


@dataset.command("list")
def dataset_list(
    workspace: Workspace = None,
    json: Json = False,
    trash: Annotated[bool, typer.Option("--trash", help="List the trash instead.")] = False,
) -> None:
    """List the datasets and the included samples."""
    from designer.cli import data

    data.print_list(folder_of(workspace), trash=trash, json=json)


@dataset.command("show")
def dataset_show(
    name: Dataset,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the newest.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show the columns of a dataset, and the notices from reading its file."""
    from designer.cli import data

    data.show(folder_of(workspace), name, version, json=json)


@dataset.command("versions")
def dataset_versions(name: Dataset, workspace: Workspace = None, json: Json = False) -> None:
    """List every version of a dataset, newest first."""
    from designer.cli import data

    data.print_versions(folder_of(workspace), name, json=json)


@dataset.command("compare")
def dataset_compare(
    name: Annotated[str, typer.Argument(metavar="NAME[:VERSION]", help="The dataset; default: the newest version.")],
    before: Annotated[
        str | None, typer.Option("--with", metavar="NAME[:VERSION]", help="Default: the version before.")
    ] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show what changed since an earlier version, or between two datasets: rows, columns, distributions."""
    from designer.cli import data

    data.compare(folder_of(workspace), name, before, json=json)


@dataset.command("pipeline")
def dataset_pipeline(
    name: Dataset,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The pipeline document.")],
    label: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What to predict; omit it to find clusters.")
    ] = None,
    version: Annotated[int | None, typer.Option(metavar="N", help="Default: the newest.")] = None,
    workspace: Workspace = None,
) -> None:
    """Create a starter pipeline for a dataset, as the page does. Fails if it could not run."""
    from designer.cli import data

    data.build_pipeline(folder_of(workspace), name, output, label, version)


@dataset.command("remove")
def dataset_remove(
    name: Dataset,
    workspace: Workspace = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Also remove it from the trash.")] = False,
) -> None:
    """Move a dataset to the trash. Results computed from it are kept."""
    from designer.cli import data

    data.remove(folder_of(workspace), name, for_ever=for_ever)


@dataset.command("restore")
def dataset_restore(name: Dataset, workspace: Workspace = None) -> None:
    """Restore a dataset from the trash."""
    from designer.cli import data

    data.restore(folder_of(workspace), name)


@dataset.command("sweep")
def dataset_sweep(workspace: Workspace = None) -> None:
    """Remove uploaded files that are unused and unchanged for a week. The web process does so at each start."""
    from designer.cli import data

    data.sweep_uploads(folder_of(workspace))


def main() -> None:
    """Run the command. An error is printed to standard error in one sentence, with exit code 2."""
    for name, suggestion in settings.misspelt_variables().items():
        print(f"designer: the variable {name} is not read. Did you mean {suggestion}?", file=sys.stderr)
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
