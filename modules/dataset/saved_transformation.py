"""Saved Transformation: a fitted transformation of a run, pinned by its digest."""

from __future__ import annotations

from typing import Annotated, Any

from designer.contract.errors import FileMissing, WrongModel
from designer.contract.files.sources import has_sources, sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.script import Variable
from designer.contract.values import Known, Transformation, outline
from designer.contract.wording.articles import with_article


class SavedTransformation(
    Module,
    category="Data Input and Output",
    icon="package",
    purpose="holds a transformation",
    no_python="a fitted transformation has no source; export the training pipeline",
    synonyms=("pinned transformation",),
):
    """A fitted transformation, pinned by its digest.

    Replaces the module that fitted it when an inference pipeline is created; Apply Transformation applies it.

    Errors: 0065 if it is no longer stored, 0013 if the digest is not that of a transformation.
    """

    name: str = param("", label="Name", required=False)
    """The name of the transformation."""

    artifact: str = param("", label="Digest", hidden=True)
    """The digest of the stored transformation."""

    def run(self) -> Annotated[Transformation, "Transformation"]:
        if not self.artifact:
            raise FileMissing("no transformation is chosen", "Create the inference pipeline again.", parameter="Digest")
        transformation = sources().artifact(self.artifact)
        if not isinstance(transformation, Transformation):
            raise WrongModel(
                f"the artifact is {with_article(type(transformation).__name__)}", "Choose a transformation."
            )
        return transformation

    def infer(self) -> Known:
        return outline(self.run()) if self.artifact and has_sources() else None

    def to_onnx(self, graph: Any, **inputs: Variable) -> Transformation:
        return self.run()
