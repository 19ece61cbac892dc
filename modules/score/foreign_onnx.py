"""Validate and run untrusted ONNX files."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from designer.contract.errors import ColumnNotFound, DesignerError, UnreadableFile, WrongColumnType
from designer.contract.wording.counting import counted

if TYPE_CHECKING:  # 170 ms: loaded where a file is read
    import onnx

LARGEST_FILE = 256 * 1024 * 1024
MOST_COLUMNS = 1000
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
_OPERATOR_NAMES = """
    Abs Acos Acosh Add And ArgMax ArgMin ArrayFeatureExtractor Asin Asinh Atan Atanh AveragePool BatchNormalization
    Binarizer Cast CastMap Ceil Celu Clip Compress Concat Constant ConstantOfShape Conv Cos Cosh CumSum
    DictVectorizer Div Dropout Einsum Elu Equal Erf Exp Expand EyeLike FeatureVectorizer Flatten Floor GRU Gather
    GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish
    Hardmax Identity Imputer InstanceNormalization IsInf IsNaN LSTM LabelEncoder LayerNormalization LeakyRelu Less
    LessOrEqual LinearClassifier LinearRegressor Log LogSoftmax MatMul Max MaxPool Mean Min Mish Mod Mul Neg
    NonZero Normalizer Not OneHot OneHotEncoder Or PRelu Pad Pow RNN Range Reciprocal ReduceL1 ReduceL2
    ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape
    Round SVMClassifier SVMRegressor Scaler ScatterElements Selu Shape Sigmoid Sign Sin Sinh Size Slice Softmax
    Softplus Softsign Split Sqrt Squeeze StringNormalizer Sub Sum Tan Tanh TfIdfVectorizer ThresholdedRelu Tile TopK
    Transpose TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor Unique Unsqueeze Where Xor ZipMap
"""
OPERATORS = frozenset(_OPERATOR_NAMES.split())
_NUMPY = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64,
          "tensor(int32)": np.int32, "tensor(bool)": np.bool_}  # fmt: skip


class RefusedModel(DesignerError):
    """An ONNX file uses unsupported features (0159)."""

    code = "0159"


def checked(content: bytes) -> bytes:
    """The bytes of a validated model; raises UnreadableFile or RefusedModel."""
    import onnx

    if len(content) > LARGEST_FILE:
        raise RefusedModel(f"the file has {len(content):,} bytes", f"At most {LARGEST_FILE:,} are read.")
    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:  # protobuf raises many exception types
        raise UnreadableFile("the file is not an ONNX model", "Choose a file that ends with .onnx.") from error
    if not model.graph.output:
        raise UnreadableFile("the file is not an ONNX model", "Choose a file that ends with .onnx.")
    if model.functions or model.training_info:
        raise RefusedModel("the model defines its own functions", "Export it with plain operators.")
    _check_tensors(model.graph.initializer)
    if model.graph.sparse_initializer:
        raise RefusedModel("the model contains sparse tensors", "Export it with dense ones.")
    for node in model.graph.node:
        _check_node(node)
    return content


def _check_node(node: onnx.NodeProto) -> None:
    from onnx import AttributeProto

    if node.domain not in DOMAINS or node.op_type not in OPERATORS:
        name = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        raise RefusedModel(
            f"the model uses the operator '{name}'", "Only known operators without side effects are run."
        )
    for attribute in node.attribute:
        if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) or attribute.HasField("g"):
            raise RefusedModel("the model contains subgraphs", "Export it without loops and branches.")
        _check_tensors([*attribute.tensors, *([attribute.t] if attribute.HasField("t") else [])])


def _check_tensors(tensors: Iterable[onnx.TensorProto]) -> None:
    from onnx import TensorProto

    for tensor in tensors:
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            raise RefusedModel("the model stores data in external files", "Save it as one file.")


def opened(content: bytes) -> Any:
    """An onnxruntime session for a validated model."""
    import onnxruntime  # importing it starts threads, so only where a model runs

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own exception types
        raise UnreadableFile(
            f"onnxruntime cannot load the model: {_first_line(error)}", "Export the model again."
        ) from error


def needed(session: Any, table: pd.DataFrame, features: list[str]) -> list[str]:
    """The columns fed to a model: those named like its inputs, or the features if its only input has another name."""
    inputs = session.get_inputs()
    if len(inputs) == 1 and inputs[0].name not in table:
        return features
    missing = [node.name for node in inputs if node.name not in table]
    if missing:
        raise ColumnNotFound.named(missing[0], [str(name) for name in table])
    return [node.name for node in inputs]


def answer(session: Any, table: pd.DataFrame, columns: list[str], seconds: float) -> dict[str, np.ndarray[Any, Any]]:
    """Run a model on these columns; one entry per output column."""
    import onnxruntime

    feed = fed(session.get_inputs(), table, columns)
    run = onnxruntime.RunOptions()
    timer = threading.Timer(seconds, setattr, (run, "terminate", True))
    timer.start()
    try:
        outputs = session.run(None, feed, run)
    except Exception as error:
        failure = f"took more than {seconds:g} seconds" if run.terminate else f"failed: {_first_line(error)}"
        raise RefusedModel(f"the model {failure}", "Check that the columns match its inputs.") from error
    finally:
        timer.cancel()
    return columns_of([node.name for node in session.get_outputs()], outputs, len(table))


def fed(inputs: list[Any], table: pd.DataFrame, columns: list[str]) -> dict[str, np.ndarray[Any, Any]]:
    """The tensors of a model's inputs."""
    if len(inputs) == 1 and inputs[0].name not in table:
        return {inputs[0].name: _tensor(table[columns], inputs[0])}
    return {node.name: _tensor(table[[node.name]], node) for node in inputs}


def _tensor(columns: pd.DataFrame, node: Any) -> np.ndarray[Any, Any]:
    wide = node.shape[1] if len(node.shape) > 1 else 1
    if isinstance(wide, int) and wide != columns.shape[1]:
        problem = f"the model's input '{node.name}' takes {counted(wide, 'column')}, {columns.shape[1]} are chosen"
        raise WrongColumnType(problem, "Choose the columns the model was trained on, in their order.")
    if node.type == "tensor(string)":
        return columns.astype(object).where(columns.notna(), "").astype(str).to_numpy(dtype=object)
    if node.type not in _NUMPY:
        raise RefusedModel(
            f"the model's input '{node.name}' is a {node.type}", "Inputs are tensors of numbers or text."
        )
    try:
        numbers = columns.astype("float64").to_numpy()
    except (ValueError, TypeError) as error:
        raise WrongColumnType(
            f"the model's input '{node.name}' expects numbers and got text", "Convert it with Edit Metadata."
        ) from error
    return numbers.astype(_NUMPY[node.type]) if len(node.shape) > 1 else numbers[:, 0].astype(_NUMPY[node.type])


def columns_of(names: list[str], outputs: list[Any], rows: int) -> dict[str, np.ndarray[Any, Any]]:
    """One column per output, or several if an output has a vector or a mapping per row."""
    columns: dict[str, np.ndarray[Any, Any]] = {}
    for name, output in zip(names, outputs, strict=True):
        if isinstance(output, list) and output and isinstance(output[0], Mapping):
            keys = list(output[0])
            columns |= {f"{name}_{key}": np.array([line[key] for line in output]) for key in keys[:MOST_COLUMNS]}
        elif isinstance(output, np.ndarray) and output.shape[:1] == (rows,):
            flat = output.reshape(rows, int(np.prod(output.shape[1:])))
            columns |= {
                name if flat.shape[1] == 1 else f"{name}_{i}": flat[:, i]
                for i in range(min(flat.shape[1], MOST_COLUMNS))
            }
        elif rows or not isinstance(output, list):  # without rows the keys of a mapping are unknown
            raise RefusedModel(f"the model's output '{name}' does not have one value per row", "Export it with one.")
    return columns


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
