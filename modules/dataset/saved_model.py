"""Saved Model: a trained model of a run, pinned by its digest."""

from __future__ import annotations

from typing import Annotated, Any

from designer.contract.errors import FileMissing, WrongModel
from designer.contract.files.sources import has_sources, sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.script import Variable
from designer.contract.values import Known, TrainedModel, outline
from designer.contract.wording.articles import with_article


class SavedModel(
    Module,
    category="Data Input and Output",
    icon="package",
    purpose="holds a model",
    no_python="a fitted model has no source; export the training pipeline",
    synonyms=("load trained model", "pinned model"),
):
    """A trained model, pinned by its digest.

    Replaces the module that trained it when an inference pipeline is created. The model is addressed by the digest of
    its bytes and never changes.

    Errors: 0065 if the model is no longer stored, 0013 if the digest is not that of a model.
    """

    name: str = param("", label="Name", required=False)
    """The name of the model."""

    artifact: str = param("", label="Digest", hidden=True)
    """The digest of the stored model."""

    def run(self) -> Annotated[TrainedModel, "Trained model"]:
        if not self.artifact:
            raise FileMissing("no model is chosen", "Create the inference pipeline again.", parameter="Digest")
        model = sources().artifact(self.artifact)
        if not isinstance(model, TrainedModel):
            raise WrongModel(f"the artifact is {with_article(type(model).__name__)}", "Choose a trained model.")
        return model

    def infer(self) -> Known:
        return outline(self.run()) if self.artifact and has_sources() else None

    def to_onnx(self, graph: Any, **inputs: Variable) -> TrainedModel:
        return self.run()
