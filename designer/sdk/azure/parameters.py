"""Pipeline parameters under the names of the original."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.sdk.azure.datasets import NamedDataset, TabularDataset
from designer.sdk.azure.datastores import DataPath
from designer.sdk.datastores import StorePath
from designer.sdk.parameters import Parameter


class PipelineParameter:
    """A value that each run may set: a number, a text, a truth value, a `DataPath`, or a registered dataset."""

    def __init__(self, name: str, default_value: Any) -> None:
        self.name = name
        self.default_value = default_value

    @cached_property
    def plain(self) -> Parameter:
        """The parameter of `designer.sdk`."""
        return Parameter(self.name, assigned(self.default_value))

    @cached_property
    def place(self) -> StorePath:
        """The file or folder that a parameter with a `DataPath` names, as an input of steps."""
        default = self.default_value
        if not isinstance(default, DataPath):
            remedy = "Give PipelineParameter a DataPath as its default_value."
            raise InvalidParameter(f"the default of '{self.name}' is no path of a datastore", remedy)
        return default.datastore.plain.path(Parameter(self.name, default.path_on_datastore))

    @cached_property
    def dataset(self) -> NamedDataset:
        """The dataset that a parameter names, as an input of steps."""
        default = self.default_value
        if not isinstance(default, TabularDataset) or not default.name:
            remedy = "Give PipelineParameter a registered dataset as its default_value."
            raise InvalidParameter(f"the default of '{self.name}' is no registered dataset", remedy)
        return NamedDataset(default.workspace.plain, Parameter(self.name, default.name, "dataset"))

    def __repr__(self) -> str:
        return f"PipelineParameter({self.name!r}, {self.default_value!r})"


def assigned(value: Any) -> Any:
    """A value of a parameter as `designer.sdk` takes it: a path with its datastore, a dataset by its name."""
    match value:
        case DataPath():
            return str(value)
        case TabularDataset():
            return value.name
        case _:
            return value


def assignments(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Values by parameter, as `designer.sdk` takes them."""
    return {name: assigned(value) for name, value in (values or {}).items()}
