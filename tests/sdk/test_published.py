"""Published pipelines by code, in a folder and at an address."""

from __future__ import annotations

import pytest

from designer.contract.errors import DesignerError, FileMissing
from designer.sdk import Dataset, Parameter, Pipeline, Workspace
from designer.sdk import modules as m


def thirds(seed: int = 1) -> Pipeline:
    return Pipeline(m.split_data(Dataset("Iris"), fraction=Parameter("share", 0.3), seed=seed), name="Thirds")


def test_a_pipeline_is_published_run_switched_disabled_and_removed(workspace: Workspace) -> None:
    published = workspace.publish(thirds(), name="My thirds", description="A third", version="1.0")
    assert (published.name, published.description, published.default.label) == ("My thirds", "A third", "1.0")
    assert published.parameters["share"].default == 0.3
    run = published.submit({"share": 0.2}, tags={"ticket": "7"}).wait(show=False)
    assert run["split-data"].outputs["results_dataset1"].to_pandas().shape[0] == 30
    assert (run.tags, [each.id for each in published.runs]) == ({"ticket": "7"}, [run.id])
    with pytest.raises(DesignerError, match="share: 'x' is not a number"):
        published.submit({"share": "x"})
    workspace.publish(thirds(2), name="My thirds", version="2.0")
    assert [version.label for version in published.versions] == ["2.0", "1.0"]
    assert published.set_default("1.0").number == 1
    assert published.default.pipeline == thirds()
    assert published.key.startswith("dsg_")
    with pytest.raises(DesignerError, match="designer start"):
        _ = published.endpoint
    published.disable()
    with pytest.raises(DesignerError, match="disabled"):
        published.submit()
    published.enable()
    assert published.is_enabled
    again = run.publish("My thirds again")
    assert again.parameters["share"].default == 0.2
    assert {"My thirds", "My thirds again"} <= {each.name for each in workspace.published}
    published.delete()
    with pytest.raises(FileMissing, match="there is no published pipeline 'My thirds'"):
        workspace.published["My thirds"]
