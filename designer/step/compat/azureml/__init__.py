"""The part of Azure Machine Learning's SDK v1 that scripts inside a step call, on `designer.step`."""
