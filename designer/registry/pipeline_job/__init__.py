"""Pipeline jobs in the format of Azure Machine Learning, read as pipelines."""
