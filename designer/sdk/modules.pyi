"""One function for each module. Generated from the library: `make docs`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from designer.contract.selection import Columns
from designer.sdk.parameters import Parameter
from designer.sdk.steps import Output, Step, Wire

class _AddColumns(Step):
    combined_dataset: Output

def add_columns(
    left_dataset: Wire,
    right_dataset: Wire,
) -> _AddColumns:
    """Put the columns of two tables side by side.

    Inputs:
        left_dataset: data
        right_dataset: data

    Outputs:
        combined_dataset: data
    """

class _AddRows(Step):
    results_dataset: Output

def add_rows(
    dataset1: Wire,
    dataset2: Wire,
) -> _AddRows:
    """Append the rows of a second table to those of a first.

    Inputs:
        dataset1: data
        dataset2: data

    Outputs:
        results_dataset: data
    """

class _ApplyMathOperation(Step):
    results_dataset: Output

def apply_math_operation(
    dataset: Wire,
    *,
    category: Literal["Basic", "Compare", "Operations", "Rounding", "Special", "Trigonometric"] | Parameter = "Basic",
    basic: Literal["Abs", "Atan2", "Conj", "CubeRoot", "DoubleFactorial", "Eps", "Exp", "Exp2", "ExpMinus1", "Factorial", "Hypotenuse", "Ln", "LnPlus1", "Log", "Log10", "Log2", "NthRoot", "Pow", "Sqrt", "SqrtPi", "Square"] | Parameter = "Abs",
    comparison: Literal["EqualTo", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "NotEqualTo", "PairMax", "PairMin"] | Parameter = "EqualTo",
    arithmetic: Literal["Add", "Subtract", "Multiply", "Divide"] | Parameter = "Add",
    rounding: Literal["Ceiling", "CeilingPower2", "Floor", "Mod", "Quotient", "Remainder", "RoundDigits", "RoundDown", "RoundUp", "ToEven", "ToOdd", "Truncate"] | Parameter = "Ceiling",
    special: Literal["Beta", "BetaLn", "EllipticIntegralE", "EllipticIntegralK", "Erf", "Erfc", "ErfScaled", "ErfInverse", "ExponentialIntegralEin", "Gamma", "GammaLn", "GammaRegularizedP", "GammaRegularizedPInverse", "GammaRegularizedQ", "GammaRegularizedQInverse", "PolyGamma"] | Parameter = "Beta",
    trigonometric: Literal["Acos", "AcosDegree", "Acosh", "Acot", "AcotDegrees", "Acoth", "Acsc", "AcscDegrees", "Asec", "AsecDegrees", "Asech", "Asin", "AsinDegrees", "Asinh", "Atan", "AtanDegrees", "Atanh", "Cos", "CosDegrees", "Cosh", "Cot", "CotDegrees", "Coth", "Csc", "CscDegrees", "Csch", "DegreesToRadians", "Sec", "SecDegrees", "Sech", "Sign", "Sin", "Sinc", "SinDegrees", "Sinh", "Tan", "TanDegrees", "Tanh"] | Parameter = "Acos",
    second_type: Literal["Constant", "ColumnSet"] | Parameter = "Constant",
    constant: float | Parameter = 1.0,
    second_columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    precision_type: Literal["Constant", "ColumnSet"] | Parameter = "Constant",
    precision: int | Parameter = 0,
    precision_columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    output_mode: Literal["Append", "Inplace", "ResultOnly"] | Parameter = "Append",
) -> _ApplyMathOperation:
    """Apply a mathematical function to every cell of numeric columns.

    Inputs:
        dataset: data

    Settings:
        category: The group of functions.
        basic: The power, root or logarithm.
        comparison: The comparison with the second argument.
        arithmetic: The operation with the second argument.
        rounding: The rounding mode.
        special: The special function.
        trigonometric: The trigonometric or hyperbolic function, or inverse.
        second_type: Whether the second argument is a constant or a column.
        constant: The second argument.
        second_columns: The column of second arguments: one for all, or one per column.
        precision_type: Whether digits or divisor are a constant or a column.
        precision: The number of digits to keep, or the divisor.
        precision_columns: The column of digits or divisors: one for all, or one per column.
        columns: The numeric columns to apply the function to.
        output_mode: Append new columns, overwrite the originals, or output the new ones only.

    Outputs:
        results_dataset: data
    """

class _ApplySqlTransformation(Step):
    results_dataset: Output

def apply_sql_transformation(
    t1: Wire,
    t2: Wire | None = ...,
    t3: Wire | None = ...,
    *,
    query: str | Parameter = "select * from t1;",
) -> _ApplySqlTransformation:
    """Run an SQLite query over up to three tables.

    Inputs:
        t1: data
        t2: data, optional
        t3: data, optional

    Settings:
        query: The query, in SQLite's dialect.

    Outputs:
        results_dataset: data
    """

class _ApplyTransformation(Step):
    transformed_dataset: Output

def apply_transformation(
    transformation: Wire,
    dataset: Wire,
) -> _ApplyTransformation:
    """Apply a fitted transformation to a table.

    Inputs:
        transformation: transformation
        dataset: data

    Outputs:
        transformed_dataset: data
    """

class _AssignDataToClusters(Step):
    results_dataset: Output

def assign_data_to_clusters(
    trained_model: Wire,
    dataset: Wire,
    *,
    check_for_append_or_uncheck_for_result_only: bool | Parameter = True,
) -> _AssignDataToClusters:
    """Assign each row to the nearest cluster.

    Inputs:
        trained_model: trained model
        dataset: data

    Settings:
        check_for_append_or_uncheck_for_result_only: Keep the columns of the dataset before the assignments.

    Outputs:
        results_dataset: data
    """

class _BaselineClassification(Step):
    untrained_model: Output

def baseline_classification(
    *,
    probabilities: Literal["Shares of the classes", "Certain"] | Parameter = "Shares of the classes",
) -> _BaselineClassification:
    """Always predict the most frequent class.

    Settings:
        probabilities: Predict the class shares of the training rows as probabilities, or 1 for the most frequent class.

    Outputs:
        untrained_model: untrained model
    """

class _BaselineRegression(Step):
    untrained_model: Output

def baseline_regression(
    *,
    answer: Literal["Mean", "Median", "Quantile", "Constant"] | Parameter = "Mean",
    quantile: float | Parameter = 0.5,
    constant: float | Parameter = 0.0,
) -> _BaselineRegression:
    """Always predict the same number.

    Settings:
        answer: The statistic of the training labels, or a constant.
        quantile: The quantile of the training labels.
        constant: The number.

    Outputs:
        untrained_model: untrained model
    """

class _BayesianLinearRegression(Step):
    untrained_model: Output

def bayesian_linear_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    regularization_weight: float | Parameter = 1.0,
    maximum_number_of_iterations: int | Parameter = 300,
    tolerance: float | Parameter = 0.001,
    range_for_regularization_weight: str | Parameter = "0.1; 1; 10",
) -> _BayesianLinearRegression:
    """Predict a number with a linear model whose regularization is estimated from the data.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        regularization_weight: Initial regularization.
        maximum_number_of_iterations: Maximum number of iterations.
        tolerance: Stop when the weights change by less than this tolerance.
        range_for_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _BoostedDecisionTreeRegression(Step):
    untrained_model: Output

def boosted_decision_tree_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    maximum_number_of_leaves_per_tree: int | Parameter = 20,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 10,
    learning_rate: float | Parameter = 0.2,
    total_number_of_trees_constructed: int | Parameter = 100,
    random_number_seed: int | None | Parameter = 0,
    range_for_maximum_number_of_leaves_per_tree: str | Parameter = "2; 8; 32; 128",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 10; 50",
    range_for_learning_rate: str | Parameter = "0.025; 0.05; 0.1; 0.2; 0.4",
    range_for_total_number_of_trees_constructed: str | Parameter = "20; 100; 500",
) -> _BoostedDecisionTreeRegression:
    """Predict a number with gradient-boosted trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        maximum_number_of_leaves_per_tree: Maximum number of leaves per tree. More leaves fit the data more closely and overfit sooner.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        learning_rate: Learning rate: the shrinkage of each tree. Smaller rates need more trees and often generalize better.
        total_number_of_trees_constructed: Number of trees to build in sequence.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_maximum_number_of_leaves_per_tree: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_total_number_of_trees_constructed: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _CalibrateProbabilities(Step):
    calibrated_model: Output

def calibrate_probabilities(
    trained_model: Wire,
    calibration_dataset: Wire,
    *,
    method: Literal["Sigmoid", "Isotonic"] | Parameter = "Sigmoid",
) -> _CalibrateProbabilities:
    """Calibrate the probabilities of a trained classifier on held-out rows.

    Inputs:
        trained_model: trained model
        calibration_dataset: data

    Settings:
        method: Sigmoid (Platt scaling; suits few rows), or isotonic regression (needs at least a thousand rows; no ONNX export).

    Outputs:
        calibrated_model: trained model
    """

class _CleanMissingData(Step):
    cleaned_dataset: Output
    cleaning_transformation: Output

def clean_missing_data(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    minimum_ratio: float | Parameter = 0.0,
    maximum_ratio: float | Parameter = 1.0,
    mode: Literal["Custom substitution value", "Replace with mean", "Replace with median", "Replace with mode", "Remove entire row", "Remove entire column"] | Parameter = "Custom substitution value",
    value: str | Parameter = "0",
    empty_columns: Literal["Remove", "Propagate"] | Parameter = "Remove",
    indicate: bool | Parameter = False,
) -> _CleanMissingData:
    """Fill missing values, or remove the rows or columns that contain them.

    Inputs:
        dataset: data

    Settings:
        columns: The columns to clean.
        minimum_ratio: Clean a column if at least this share of its values is missing.
        maximum_ratio: Clean a column if at most this share of its values is missing.
        mode: How to treat missing values.
        value: The replacement for missing values, valid for the column's type.
        empty_columns: How to treat columns without values.
        indicate: Add an indicator column of missing values per cleaned column.

    Outputs:
        cleaned_dataset: data
        cleaning_transformation: transformation
    """

class _ClipValues(Step):
    results_dataset: Output

def clip_values(
    dataset: Wire,
    *,
    thresholds: Literal["ClipPeaks", "ClipSubPeaks", "ClipPeaksAndSubPeaks"] | Parameter = "ClipPeaks",
    upper: Literal["Constant", "Percentile"] | Parameter = "Constant",
    lower: Literal["Constant", "Percentile"] | Parameter = "Constant",
    both: Literal["Constant", "Percentile"] | Parameter = "Constant",
    upper_value: float | Parameter = 1.0,
    upper_percentile: int | Parameter = 99,
    lower_value: float | Parameter = -1.0,
    lower_percentile: int | Parameter = 1,
    peak_substitute: Literal["Threshold", "Mean", "Median", "Missing"] | Parameter = "Threshold",
    subpeak_substitute: Literal["Threshold", "Mean", "Median", "Missing"] | Parameter = "Threshold",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    overwrite: bool | Parameter = True,
    indicate: bool | Parameter = False,
) -> _ClipValues:
    """Replace numbers beyond an upper or a lower bound.

    Inputs:
        dataset: data

    Settings:
        thresholds: Which side to clip.
        upper: Whether the upper bound is a number or a percentile of the column.
        lower: Whether the lower bound is a number or a percentile of the column.
        both: Whether both bounds are numbers or percentiles of the column.
        upper_value: The upper bound.
        upper_percentile: The percentile that is the upper bound.
        lower_value: The lower bound.
        lower_percentile: The percentile that is the lower bound.
        peak_substitute: The replacement for values above the upper bound.
        subpeak_substitute: The replacement for values below the lower bound.
        columns: The numeric columns to clip.
        overwrite: Overwrite the columns; otherwise append clipped columns.
        indicate: Add an indicator column of clipped values per column.

    Outputs:
        results_dataset: data
    """

class _ComputeElementaryStatistics(Step):
    results_dataset: Output

def compute_elementary_statistics(
    dataset: Wire,
    *,
    method: Literal["Count", "Missing values", "Distinct values", "Sum", "Product", "Minimum", "Maximum", "Range", "Mean", "Geometric mean", "Harmonic mean", "Median", "1st quartile", "3rd quartile", "Interquartile range", "Mode", "Sample standard deviation", "Sample variance", "Population standard deviation", "Population variance", "Standard error of the mean", "Mean deviation", "Median deviation", "Sum of squares", "Squared deviations", "Sample skewness", "Sample kurtosis"] | Parameter = "Mean",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
) -> _ComputeElementaryStatistics:
    """Compute one statistic per chosen column, such as a mean, a deviation or a sum.

    Inputs:
        dataset: data

    Settings:
        method: The statistic.
        columns: The numeric or boolean columns to compute it for.

    Outputs:
        results_dataset: data
    """

class _ComputeLinearCorrelation(Step):
    results_dataset: Output

def compute_linear_correlation(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    method: Literal["Pearson", "Spearman", "Kendall"] | Parameter = "Pearson",
) -> _ComputeLinearCorrelation:
    """Compute the correlation of every pair of numeric columns.

    Inputs:
        dataset: data

    Settings:
        columns: The numeric columns to correlate.
        method: The correlation coefficient.

    Outputs:
        results_dataset: data
    """

class _ConvertToCsv(Step):
    results_dataset: Output

def convert_to_csv(
    dataset: Wire,
) -> _ConvertToCsv:
    """Convert a table to a downloadable CSV file.

    Inputs:
        dataset: data

    Outputs:
        results_dataset: archive
    """

class _ConvertToDataset(Step):
    results_dataset: Output

def convert_to_dataset(
    dataset: Wire,
    *,
    action: Literal["None", "SetMissingValues", "ReplaceValues"] | Parameter = "None",
    missing_value: str | Parameter = "?",
    replace: Literal["Missing", "Custom"] | Parameter = "Missing",
    custom_value: str | Parameter = "",
    new_value: str | Parameter = "0",
) -> _ConvertToDataset:
    """Mark cells as missing, or replace one value by another, in all columns.

    Inputs:
        dataset: data

    Settings:
        action: The action on cells.
        missing_value: The value to mark as missing.
        replace: Whether to replace missing values or cells with a given value.
        custom_value: The value to replace.
        new_value: The new value.

    Outputs:
        results_dataset: data
    """

class _ConvertToIndicatorValues(Step):
    results_dataset: Output
    indicator_values_transformation: Output

def convert_to_indicator_values(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    overwrite: bool | Parameter = False,
) -> _ConvertToIndicatorValues:
    """One-hot encode categorical columns: one column of zeros and ones per category.

    Inputs:
        dataset: data

    Settings:
        columns: The categorical columns to encode.
        overwrite: Drop the encoded columns, keeping only their indicators.

    Outputs:
        results_dataset: data
        indicator_values_transformation: transformation
    """

class _ConvertWordToVector(Step):
    vocabulary_with_embeddings: Output

def convert_word_to_vector(
    dataset: Wire,
    *,
    column: str | Parameter = "",
    strategy: Literal["GloVe pretrained English Model", "Gensim Word2Vec", "Gensim FastText"] | Parameter = "Gensim Word2Vec",
    algorithm: Literal["Skip_gram", "CBOW"] | Parameter = "Skip_gram",
    size: int | Parameter = 100,
    window: int | Parameter = 5,
    epochs: int | Parameter = 5,
    pretrained: Literal["glove-wiki-gigaword-100"] | Parameter = "glove-wiki-gigaword-100",
    most: int | Parameter = 10000,
    least: int | Parameter = 5,
) -> _ConvertWordToVector:
    """Learn an embedding vector for each frequent word of a text column.

    Inputs:
        dataset: data

    Settings:
        column: The text column.
        strategy: Train word vectors, train word and subword vectors, or read pretrained ones.
        algorithm: Skip-gram predicts the context from a word, CBOW a word from its context.
        size: The dimension of the vectors.
        window: The context window: number of words on each side.
        epochs: Number of passes over the text (epochs).
        pretrained: The name of the file with the vectors.
        most: Maximum number of words to list, the most frequent first.
        least: Words with fewer occurrences are left out.

    Outputs:
        vocabulary_with_embeddings: data
    """

class _CreatePythonModel(Step):
    untrained_model: Output

def create_python_model(
    *,
    python_script: str | Parameter = ...,
) -> _CreatePythonModel:
    """Define a learner in Python.

    Settings:
        python_script: The code. It defines the class `AzureMLModel` with `__init__`, `train` and `predict`.

    Outputs:
        untrained_model: untrained model
    """

class _CrossValidateModel(Step):
    scored_results: Output
    evaluation_results_by_fold: Output

def cross_validate_model(
    untrained_model: Wire,
    dataset: Wire,
    *,
    label_column: str | Parameter = "",
    positive_class: str | Parameter = "",
    random_seed: int | Parameter = 0,
) -> _CrossValidateModel:
    """Cross-validate a learner in ten folds: train on nine, score the tenth.

    Inputs:
        untrained_model: untrained model
        dataset: data

    Settings:
        label_column: The column to predict. Empty: the column with the role Label.
        positive_class: The positive class of a two-class label, such as Churned. Empty: chosen automatically, as in Train Model.
        random_seed: The same seed gives the same folds.

    Outputs:
        scored_results: data
        evaluation_results_by_fold: data
    """

class _Dataset(Step):
    dataset: Output

def dataset(
    *,
    name: str | Parameter = "",
    version: int | None | Parameter = None,
) -> _Dataset:
    """A registered dataset or a sample.

    Settings:
        name: The name of a registered dataset or a sample.
        version: The version of the dataset; empty for the newest.

    Outputs:
        dataset: data
    """

class _DbscanClustering(Step):
    untrained_model: Output

def dbscan_clustering(
    *,
    largest_distance: float | Parameter = 0.5,
    smallest_neighborhood: int | Parameter = 5,
    metric: Literal["Euclidean", "Manhattan"] | Parameter = "Euclidean",
    normalize_features: bool | Parameter = True,
) -> _DbscanClustering:
    """Cluster dense regions; isolated rows are noise and get no cluster.

    Settings:
        largest_distance: Maximum distance between two neighbors (eps).
        smallest_neighborhood: Minimum number of neighbors of a core row, itself included.
        metric: The distance metric.
        normalize_features: Scale numbers to 0..1 first, so that columns with large values do not dominate the distance.

    Outputs:
        untrained_model: untrained model
    """

class _DecisionForestRegression(Step):
    untrained_model: Output

def decision_forest_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    resampling_method: Literal["Bagging Resampling", "Replicate Resampling"] | Parameter = "Bagging Resampling",
    number_of_decision_trees: int | Parameter = 8,
    maximum_depth_of_the_decision_trees: int | Parameter = 32,
    number_of_random_splits_per_node: int | Parameter = 128,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 1,
    random_number_seed: int | None | Parameter = 0,
    range_for_number_of_decision_trees: str | Parameter = "1; 8; 32",
    range_for_maximum_depth_of_the_decision_trees: str | Parameter = "1; 16; 64",
    range_for_number_of_random_splits_per_node: str | Parameter = "1; 128; 1024",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 4; 16",
) -> _DecisionForestRegression:
    """Predict a number with a forest of regression trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        resampling_method: Bagging trains each tree on a bootstrap sample; Replicate trains every tree on all rows with random splits.
        number_of_decision_trees: Number of trees to average.
        maximum_depth_of_the_decision_trees: Maximum depth of a tree.
        number_of_random_splits_per_node: Number of prepared features drawn at random as candidates for each split.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_number_of_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_depth_of_the_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_random_splits_per_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _EditMetadata(Step):
    results_dataset: Output

def edit_metadata(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    data_type: Literal["Unchanged", "String", "Integer", "Double", "Boolean", "DateTime"] | Parameter = "Unchanged",
    date_format: str | Parameter = "",
    categorical: Literal["Unchanged", "Categorical", "NonCategorical"] | Parameter = "Unchanged",
    fields: Literal["Unchanged", "Features", "Labels", "Clear features", "Clear labels", "Clear scores"] | Parameter = "Unchanged",
    new_names: str | Parameter = "",
) -> _EditMetadata:
    """Change the type, the categorical flag, the role and the names of columns.

    Inputs:
        dataset: data

    Settings:
        columns: The columns to change.
        data_type: The type to convert the cells to.
        date_format: The date format in Python's strptime codes; empty for ISO dates and seconds since 1970.
        categorical: Whether the columns are categorical.
        fields: The role of the columns.
        new_names: New names in the order of the columns, separated by commas; empty keeps the names.

    Outputs:
        results_dataset: data
    """

class _EnterDataManually(Step):
    dataset: Output

def enter_data_manually(
    *,
    data_format: Literal["CSV", "TSV", "ARFF", "SVMLight"] | Parameter = "CSV",
    has_header: bool | Parameter = True,
    data: str | Parameter = "",
) -> _EnterDataManually:
    """Enter a small table by hand.

    Settings:
        data_format: The format of the text.
        has_header: Whether the first row holds the names of the columns.
        data: The table, one row per line.

    Outputs:
        dataset: data
    """

class _EvaluateModel(Step):
    evaluation_results: Output

def evaluate_model(
    scored_dataset: Wire,
    scored_dataset_to_compare: Wire | None = ...,
) -> _EvaluateModel:
    """Compute the metrics of one or two scored datasets.

    Inputs:
        scored_dataset: data
        scored_dataset_to_compare: data, optional

    Outputs:
        evaluation_results: evaluation
    """

class _EvaluateRecommender(Step):
    metric: Output

def evaluate_recommender(
    test_dataset: Wire,
    scored_dataset: Wire,
) -> _EvaluateRecommender:
    """Evaluate predicted ratings or recommended items against the ratings of a test dataset.

    Inputs:
        test_dataset: data
        scored_dataset: data

    Outputs:
        metric: data
    """

class _ExecutePythonScript(Step):
    result_dataset: Output
    result_dataset2: Output

def execute_python_script(
    dataset1: Wire | None = ...,
    dataset2: Wire | None = ...,
    script_bundle: Wire | None = ...,
    *,
    script: str | Parameter = ...,
) -> _ExecutePythonScript:
    """Run a Python script on one or two tables.

    Inputs:
        dataset1: data, optional
        dataset2: data, optional
        script_bundle: archive, optional

    Settings:
        script: The code. It defines `azureml_main(dataframe1, dataframe2)`.

    Outputs:
        result_dataset: data
        result_dataset2: data
    """

class _ExecuteRScript(Step):
    result_dataset: Output
    result_dataset2: Output
    plots: Output

def execute_r_script(
    dataset1: Wire | None = ...,
    dataset2: Wire | None = ...,
    script_bundle: Wire | None = ...,
    *,
    script: str | Parameter = ...,
    seed: int | None | Parameter = None,
) -> _ExecuteRScript:
    """Run an R script on one or two tables.

    Inputs:
        dataset1: data, optional
        dataset2: data, optional
        script_bundle: archive, optional

    Settings:
        script: The code. It defines `azureml_main(dataframe1, dataframe2)`.
        seed: Seed of R's random numbers; empty gives other numbers in each run.

    Outputs:
        result_dataset: data
        result_dataset2: data
        plots: folder
    """

class _ExportData(Step):
    ...

def export_data(
    dataset: Wire,
    *,
    path: str | Parameter = "",
    format: Literal["CSV", "TSV", "Excel", "JSON Lines", "Parquet"] | Parameter = "CSV",
    overwrite: bool | Parameter = True,
) -> _ExportData:
    """Write a table to a file.

    Inputs:
        dataset: data

    Settings:
        path: The file to write; a relative path is resolved in the workspace's exports folder.
        format: The format of the file.
        overwrite: Whether an existing file may be overwritten.
    """

class _ExtraTreesClassification(Step):
    untrained_model: Output

def extra_trees_classification(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_trees: int | Parameter = 100,
    maximum_depth: int | None | Parameter = None,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 1,
    features_per_split: Literal["Square root", "Logarithm", "All"] | Parameter = "Square root",
    draw_rows_for_each_tree: bool | Parameter = False,
    random_number_seed: int | None | Parameter = 0,
    balance_classes: bool | Parameter = False,
    range_for_number_of_trees: str | Parameter = "50; 100; 300",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 5; 20",
) -> _ExtraTreesClassification:
    """Predict one of two or more classes with extremely randomized trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_trees: Number of trees to average.
        maximum_depth: Maximum depth of a tree. Empty: unlimited.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        features_per_split: Number of prepared features drawn at random as candidates for each split.
        draw_rows_for_each_tree: Train each tree on a bootstrap sample instead of all rows.
        random_number_seed: The same seed gives the same model. Empty means 0.
        balance_classes: Weight classes inversely to their frequency.
        range_for_number_of_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _ExtraTreesRegression(Step):
    untrained_model: Output

def extra_trees_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_trees: int | Parameter = 100,
    maximum_depth: int | None | Parameter = None,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 1,
    features_per_split: Literal["Square root", "Logarithm", "All"] | Parameter = "All",
    draw_rows_for_each_tree: bool | Parameter = False,
    random_number_seed: int | None | Parameter = 0,
    range_for_number_of_trees: str | Parameter = "50; 100; 300",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 5; 20",
) -> _ExtraTreesRegression:
    """Predict a number with extremely randomized trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_trees: Number of trees to average.
        maximum_depth: Maximum depth of a tree. Empty: unlimited.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        features_per_split: Number of prepared features drawn at random as candidates for each split.
        draw_rows_for_each_tree: Train each tree on a bootstrap sample instead of all rows.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_number_of_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _ExtractNGramFeaturesFromText(Step):
    results_dataset: Output
    result_vocabulary: Output
    n_gram_transformation: Output

def extract_n_gram_features_from_text(
    dataset: Wire,
    input_vocabulary: Wire | None = ...,
    *,
    column: str | Parameter = "",
    mode: Literal["Create", "ReadOnly"] | Parameter = "Create",
    size: int | Parameter = 1,
    weighting: Literal["Binary Weight", "TF Weight", "IDF Weight", "TF-IDF Weight"] | Parameter = "Binary Weight",
    shortest: int | Parameter = 3,
    longest: int | Parameter = 25,
    least: float | Parameter = 5.0,
    most: float | Parameter = 1.0,
    normalize: bool | Parameter = False,
) -> _ExtractNGramFeaturesFromText:
    """Build a vocabulary of the n-grams of a text column, and one column per n-gram.

    Inputs:
        dataset: data
        input_vocabulary: data, optional

    Settings:
        column: The text column.
        mode: Learn a vocabulary from this text, or use the one on the second input.
        size: Maximum length of an n-gram.
        weighting: The weighting of n-grams.
        shortest: Shorter words are left out.
        longest: Longer words are left out.
        least: An n-gram in fewer rows is left out.
        most: An n-gram in a larger share of the rows is left out.
        normalize: Divide each row by its Euclidean norm.

    Outputs:
        results_dataset: data
        result_vocabulary: data
        n_gram_transformation: transformation
    """

class _FastForestQuantileRegression(Step):
    untrained_model: Output

def fast_forest_quantile_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_trees: int | Parameter = 100,
    number_of_leaves: int | Parameter = 20,
    minimum_number_of_training_instances_required_to_form_a_leaf: int | Parameter = 10,
    bagging_fraction: float | Parameter = 0.7,
    split_fraction: float | Parameter = 0.7,
    quantiles_to_be_estimated: str | Parameter = "0.25;0.5;0.75",
    random_number_seed: int | None | Parameter = None,
    range_for_number_of_trees: str | Parameter = "16; 32; 64",
    range_for_number_of_leaves: str | Parameter = "16; 32; 64",
    range_for_minimum_number_of_training_instances_required_to_form_a_leaf: str | Parameter = "1; 5; 10",
    range_for_bagging_fraction: str | Parameter = "0.25; 0.5; 0.75",
    range_for_split_fraction: str | Parameter = "0.25; 0.5; 0.75",
) -> _FastForestQuantileRegression:
    """Predict the quantiles of a number with forests of quantile trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_trees: Number of trees to average per quantile.
        number_of_leaves: Maximum number of leaves per tree.
        minimum_number_of_training_instances_required_to_form_a_leaf: Minimum number of training rows per leaf.
        bagging_fraction: Fraction of the rows sampled without replacement for each tree.
        split_fraction: Fraction of the features drawn at random as candidates for each split.
        quantiles_to_be_estimated: Quantiles between 0 and 1, separated by semicolons.
        random_number_seed: The same seed gives the same forests. Empty means 0.
        range_for_number_of_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_leaves: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_training_instances_required_to_form_a_leaf: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_bagging_fraction: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_split_fraction: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _FeatureHashing(Step):
    transformed_dataset: Output

def feature_hashing(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    bits: int | Parameter = 10,
    size: int | Parameter = 2,
) -> _FeatureHashing:
    """Turn text into a fixed number of n-gram counts by feature hashing, without a vocabulary.

    Inputs:
        dataset: data

    Settings:
        columns: The text columns to hash.
        bits: Number of hash bits; the number of new columns is 2 to this power.
        size: Maximum length of an n-gram.

    Outputs:
        transformed_dataset: data
    """

class _FilterBasedFeatureSelection(Step):
    filtered_dataset: Output
    features: Output

def filter_based_feature_selection(
    dataset: Wire,
    *,
    feature_columns_only: bool | Parameter = True,
    target: str | Parameter = "",
    count: int | Parameter = 1,
    method: Literal["PearsonCorrelation", "ChiSquared"] | Parameter = "PearsonCorrelation",
) -> _FilterBasedFeatureSelection:
    """Score every feature against a target column and keep the best.

    Inputs:
        dataset: data

    Settings:
        feature_columns_only: Ignore columns that are not features, such as identifiers.
        target: The target column to score features against.
        count: Number of features to keep; a number beyond their count keeps all.
        method: The score of a feature.

    Outputs:
        filtered_dataset: data
        features: data
    """

class _FisherLinearDiscriminantAnalysis(Step):
    results_dataset: Output
    fisher_linear_discriminant_analysis_transformation: Output

def fisher_linear_discriminant_analysis(
    dataset: Wire,
    *,
    label: str | Parameter = "",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    count: int | Parameter = 0,
    keep: bool | Parameter = False,
) -> _FisherLinearDiscriminantAnalysis:
    """Replace numeric columns by the few linear combinations that best separate the classes of a label.

    Inputs:
        dataset: data

    Settings:
        label: The column with the classes.
        columns: The numeric columns to reduce; by default all numeric features. The label is left out.
        count: Number of new columns; 0 means as many as possible.
        keep: Keep the selected columns in the table.

    Outputs:
        results_dataset: data
        fisher_linear_discriminant_analysis_transformation: transformation
    """

class _GroupBy(Step):
    results_dataset: Output

def group_by(
    dataset: Wire,
    *,
    by: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    values: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    functions: str | Parameter = "mean",
    rows: bool | Parameter = False,
    missing: bool | Parameter = True,
) -> _GroupBy:
    """Aggregate groups of rows: totals, averages and counts.

    Inputs:
        dataset: data

    Settings:
        by: The key columns; none makes the whole table one group.
        values: The columns to aggregate.
        functions: The functions to apply to each, separated by commas: sum, mean, median, min, max, std, var, count, distinct, missing, first, last, mode.
        rows: Add a column `Count` with the number of rows of the group.
        missing: Group rows with a missing key, too; otherwise leave them out.

    Outputs:
        results_dataset: data
    """

class _GroupCategoricalValues(Step):
    results_dataset: Output
    grouping_transformation: Output

def group_categorical_values(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    mode: Literal["Written groups", "Rare values"] | Parameter = "Written groups",
    groups: str | Parameter = "",
    others: Literal["Put into the default group", "Keep"] | Parameter = "Put into the default group",
    most: int | Parameter = 10,
    least: int | Parameter = 1,
    default: str | Parameter = "Other",
) -> _GroupCategoricalValues:
    """Merge values of a text or categorical column into groups.

    Inputs:
        dataset: data

    Settings:
        columns: The text or categorical columns to group.
        mode: Whether to use the groups written below or to merge rare values.
        groups: One group per line: name, colon, values separated by commas.
        others: What to do with unlisted values.
        most: Maximum number of values to keep, the most frequent first.
        least: A value with fewer rows than this is rare.
        default: The name of the default group for all other values.

    Outputs:
        results_dataset: data
        grouping_transformation: transformation
    """

class _GroupDataIntoBins(Step):
    quantized_dataset: Output
    binning_transformation: Output

def group_data_into_bins(
    dataset: Wire,
    *,
    mode: Literal["Quantiles", "Equal Width", "Custom Edges"] | Parameter = "Quantiles",
    bins: int | Parameter = 10,
    normalization: Literal["Percent", "PQuantile", "QuantileIndex"] | Parameter = "Percent",
    edges: str | Parameter = "",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    output_mode: Literal["Append", "Inplace", "ResultOnly"] | Parameter = "Append",
    categorical: bool | Parameter = True,
) -> _GroupDataIntoBins:
    """Replace each number by the number of its bin.

    Inputs:
        dataset: data

    Settings:
        mode: How to choose the edges.
        bins: Number of bins.
        normalization: The form of the bin number.
        edges: The inner edges, in ascending order.
        columns: The numeric columns to bin.
        output_mode: Append new columns, overwrite the originals, or output the new ones only.
        categorical: Make the results categorical, with one level per bin.

    Outputs:
        quantized_dataset: data
        binning_transformation: transformation
    """

class _HierarchicalClustering(Step):
    untrained_model: Output

def hierarchical_clustering(
    *,
    number_of_clusters: int | Parameter = 2,
    linkage: Literal["Ward", "Average", "Complete", "Single"] | Parameter = "Ward",
    normalize_features: bool | Parameter = True,
) -> _HierarchicalClustering:
    """Merge the closest clusters, starting from single rows, until the given number is left.

    Settings:
        number_of_clusters: Number of clusters.
        linkage: The linkage: least increase of variance, or mean, largest or smallest distance.
        normalize_features: Scale numbers to 0..1 first, so that columns with large values do not dominate the distance.

    Outputs:
        untrained_model: untrained model
    """

class _HistogramGradientBoostingClassification(Step):
    untrained_model: Output

def histogram_gradient_boosting_classification(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    learning_rate: float | Parameter = 0.1,
    number_of_iterations: int | Parameter = 100,
    maximum_number_of_leaves: int | Parameter = 31,
    maximum_depth: int | None | Parameter = None,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 20,
    l2_regularization: float | Parameter = 0.0,
    number_of_bins: int | Parameter = 255,
    share_of_features_per_split: float | Parameter = 1.0,
    stop_early: bool | Parameter = False,
    share_of_rows_held_back: float | Parameter = 0.1,
    rounds_without_gain: int | Parameter = 10,
    random_number_seed: int | None | Parameter = 0,
    balance_classes: bool | Parameter = False,
    range_for_learning_rate: str | Parameter = "0.03; 0.1; 0.3",
    range_for_number_of_iterations: str | Parameter = "100; 300",
    range_for_maximum_number_of_leaves: str | Parameter = "15; 31; 63",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "5; 20; 50",
    range_for_l2_regularization: str | Parameter = "0; 1",
) -> _HistogramGradientBoostingClassification:
    """Predict one of two or more classes with histogram gradient boosting.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        learning_rate: Learning rate: the shrinkage of each tree.
        number_of_iterations: Maximum number of boosting rounds.
        maximum_number_of_leaves: Maximum number of leaves per tree.
        maximum_depth: Maximum depth of a tree. Empty: limited by the leaves only.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        l2_regularization: Strength of the L2 penalty on leaf values.
        number_of_bins: Number of histogram bins per numeric feature.
        share_of_features_per_split: Fraction of the features drawn at random as candidates for each split.
        stop_early: Stop early once the score on held-out rows no longer improves.
        share_of_rows_held_back: Fraction of the rows held out for early stopping.
        rounds_without_gain: Number of rounds without improvement before stopping.
        random_number_seed: The same seed gives the same model. Empty means 0.
        balance_classes: Weight classes inversely to their frequency.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_number_of_leaves: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l2_regularization: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _HistogramGradientBoostingRegression(Step):
    untrained_model: Output

def histogram_gradient_boosting_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    learning_rate: float | Parameter = 0.1,
    number_of_iterations: int | Parameter = 100,
    maximum_number_of_leaves: int | Parameter = 31,
    maximum_depth: int | None | Parameter = None,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 20,
    l2_regularization: float | Parameter = 0.0,
    number_of_bins: int | Parameter = 255,
    share_of_features_per_split: float | Parameter = 1.0,
    stop_early: bool | Parameter = False,
    share_of_rows_held_back: float | Parameter = 0.1,
    rounds_without_gain: int | Parameter = 10,
    random_number_seed: int | None | Parameter = 0,
    loss: Literal["Squared error", "Absolute error", "Poisson", "Gamma", "Quantile"] | Parameter = "Squared error",
    quantile: float | Parameter = 0.5,
    range_for_learning_rate: str | Parameter = "0.03; 0.1; 0.3",
    range_for_number_of_iterations: str | Parameter = "100; 300",
    range_for_maximum_number_of_leaves: str | Parameter = "15; 31; 63",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "5; 20; 50",
    range_for_l2_regularization: str | Parameter = "0; 1",
) -> _HistogramGradientBoostingRegression:
    """Predict a number with histogram gradient boosting.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        learning_rate: Learning rate: the shrinkage of each tree.
        number_of_iterations: Maximum number of boosting rounds.
        maximum_number_of_leaves: Maximum number of leaves per tree.
        maximum_depth: Maximum depth of a tree. Empty: limited by the leaves only.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        l2_regularization: Strength of the L2 penalty on leaf values.
        number_of_bins: Number of histogram bins per numeric feature.
        share_of_features_per_split: Fraction of the features drawn at random as candidates for each split.
        stop_early: Stop early once the score on held-out rows no longer improves.
        share_of_rows_held_back: Fraction of the rows held out for early stopping.
        rounds_without_gain: Number of rounds without improvement before stopping.
        random_number_seed: The same seed gives the same model. Empty means 0.
        loss: The loss function. Poisson suits counts, Gamma positive amounts, Quantile a quantile of the label.
        quantile: The quantile to predict.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_number_of_leaves: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l2_regularization: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _ImportData(Step):
    output_data: Output

def import_data(
    *,
    path: str | Parameter = "",
    format: Literal["By file name", "CSV", "TSV", "Excel", "JSON Lines", "Parquet"] | Parameter = "By file name",
    separator: Literal["Comma", "Semicolon", "Tab", "Pipe", "Space"] | Parameter = "Comma",
    encoding: Literal["UTF-8", "UTF-16", "Windows-1252", "ISO-8859-1"] | Parameter = "UTF-8",
    header: bool | Parameter = True,
    skip_rows: int | Parameter = 0,
    missing_values: str | Parameter = "",
    decimal_mark: Literal["Point", "Comma"] | Parameter = "Point",
    thousands_mark: Literal["None", "Comma", "Point", "Blank", "Apostrophe"] | Parameter = "None",
    fill_up_short_rows: bool | Parameter = False,
    number_duplicates: bool | Parameter = False,
    date_order: Literal["Infer", "Day first", "Month first"] | Parameter = "Infer",
    sheet: str | Parameter = "",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    datastore: str | Parameter = "",
) -> _ImportData:
    """Read a table from a file, or from all files of a folder.

    Settings:
        path: An uploaded file, a path on this computer, or the files of a folder, as `folder/**`.
        format: The format of the file.
        separator: The separator of a CSV file.
        encoding: The encoding of a text file.
        header: Whether the first row holds the names of the columns.
        skip_rows: Number of rows to skip above the header or the data.
        missing_values: Values to read as missing, separated by commas; an empty cell always is.
        decimal_mark: The decimal separator in a text file.
        thousands_mark: The thousands separator in a text file: with a point, `2.500` is 2500.
        fill_up_short_rows: Whether a row of a text file may have fewer cells than the header; absent cells are missing.
        number_duplicates: Whether to rename a duplicate column to `name_2` instead of rejecting the file.
        date_order: Whether the day or the month comes first in dates like 03.04.2023; *Infer* takes it from the values of a column.
        sheet: The sheet of an Excel workbook; empty for the first.
        columns: The columns to read.
        datastore: A datastore, *This computer* (empty), or *Named in the path* (`*`), which begins with the datastore then.

    Outputs:
        output_data: data
    """

class _ImportFile(Step):
    file: Output

def import_file(
    *,
    path: str | Parameter = "",
    datastore: str | Parameter = "",
) -> _ImportFile:
    """A file of any kind, for a script or a component that reads it.

    Settings:
        path: A path on this computer, or in the datastore.
        datastore: A datastore, *This computer* (empty), or *Named in the path* (`*`), which begins with the datastore then.

    Outputs:
        file: file
    """

class _ImportFolder(Step):
    folder: Output

def import_folder(
    *,
    path: str | Parameter = "",
    datastore: str | Parameter = "",
) -> _ImportFolder:
    """A folder with all files below it, for a script or a component that reads it.

    Settings:
        path: A path on this computer, or in the datastore.
        datastore: A datastore, *This computer* (empty), or *Named in the path* (`*`), which begins with the datastore then.

    Outputs:
        folder: folder
    """

class _ImportFromDatabase(Step):
    output_data: Output

def import_from_database(
    *,
    datastore: str | Parameter = "",
    query: str | Parameter = "",
    values: str | Parameter = "",
    reuse_rows: bool | Parameter = False,
) -> _ImportFromDatabase:
    """Read a table from a database by a query.

    Settings:
        datastore: The database.
        query: A SELECT in the dialect of the database.
        values: One value for each `:name` of the query, a line each: `year = 2024`. Numbers, true, false and null are such; all else is text, with or without double quotes.
        reuse_rows: Whether rows that a server gave once serve for later runs as well.

    Outputs:
        output_data: data
    """

class _IsolationForest(Step):
    untrained_model: Output

def isolation_forest(
    *,
    number_of_trees: int | Parameter = 100,
    rows_per_tree: int | Parameter = 256,
    share_of_abnormal_rows: float | Parameter = 0.05,
    random_number_seed: int | None | Parameter = 0,
) -> _IsolationForest:
    """Detect anomalies: rows that a few random splits isolate.

    Settings:
        number_of_trees: Number of trees to average.
        rows_per_tree: Number of rows sampled at random for each tree.
        share_of_abnormal_rows: Sets the threshold: this share of the training rows scores above it.
        random_number_seed: The same seed gives the same model. Empty means 0.

    Outputs:
        untrained_model: untrained model
    """

class _JoinData(Step):
    results_dataset: Output

def join_data(
    left_dataset: Wire,
    right_dataset: Wire,
    *,
    left_keys: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    right_keys: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    match_case: bool | Parameter = True,
    join_type: Literal["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"] | Parameter = "Inner Join",
    keep_right_keys: bool | Parameter = True,
) -> _JoinData:
    """Join two tables on key columns.

    Inputs:
        left_dataset: data
        right_dataset: data

    Settings:
        left_keys: The key columns of the left table.
        right_keys: The key columns of the right table, in the same order.
        match_case: Whether text keys are case-sensitive.
        join_type: The join type: which unmatched rows to keep.
        keep_right_keys: Whether to keep the key columns of the right table.

    Outputs:
        results_dataset: data
    """

class _KMeansClustering(Step):
    untrained_model: Output

def k_means_clustering(
    *,
    create_trainer_mode: Literal["SingleParameter"] | Parameter = "SingleParameter",
    number_of_centroids: int | Parameter = 2,
    metric: Literal["Euclidean"] | Parameter = "Euclidean",
    initialization: Literal["K-Means++", "Random", "First N"] | Parameter = "K-Means++",
    random_number_seed: int | None | Parameter = None,
    iterations: int | Parameter = 100,
    assign_label_mode: Literal["Ignore label column", "Fill missing values", "Overwrite from closest to center"] | Parameter = "Ignore label column",
    normalize_features: bool | Parameter = True,
) -> _KMeansClustering:
    """Cluster rows around centroids, minimizing the distance to the nearest one.

    Settings:
        create_trainer_mode: K-means is trained with the values set here.
        number_of_centroids: Number of clusters.
        metric: The distance metric.
        initialization: Initial centroids: k-means++, random rows, or the first rows of the table.
        random_number_seed: The same seed gives the same clusters. Empty means 0.
        iterations: Maximum number of iterations.
        assign_label_mode: How to treat a label column of the training rows: ignore it, or copy missing labels (or all labels) from the labelled row closest to the cluster's center.
        normalize_features: Scale numbers to 0..1 first, so that columns with large values do not dominate the distance.

    Outputs:
        untrained_model: untrained model
    """

class _KNearestNeighborsClassification(Step):
    untrained_model: Output

def k_nearest_neighbors_classification(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_neighbors: int | Parameter = 5,
    weights: Literal["Uniform", "Distance"] | Parameter = "Uniform",
    metric: Literal["Euclidean", "Manhattan", "Chebyshev"] | Parameter = "Euclidean",
    range_for_number_of_neighbors: str | Parameter = "1; 3; 5; 11; 21",
) -> _KNearestNeighborsClassification:
    """Predict one of two or more classes from the nearest training rows.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_neighbors: Number of neighbors.
        weights: Weight neighbors uniformly or by inverse distance.
        metric: The distance metric on the prepared features.
        range_for_number_of_neighbors: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _KNearestNeighborsRegression(Step):
    untrained_model: Output

def k_nearest_neighbors_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_neighbors: int | Parameter = 5,
    weights: Literal["Uniform", "Distance"] | Parameter = "Uniform",
    metric: Literal["Euclidean", "Manhattan", "Chebyshev"] | Parameter = "Euclidean",
    range_for_number_of_neighbors: str | Parameter = "1; 3; 5; 11; 21",
) -> _KNearestNeighborsRegression:
    """Predict a number as the mean of the nearest training rows.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_neighbors: Number of neighbors.
        weights: Weight neighbors uniformly or by inverse distance.
        metric: The distance metric on the prepared features.
        range_for_number_of_neighbors: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _LatentDirichletAllocation(Step):
    transformed_dataset: Output
    feature_topic_matrix: Output
    lda_transformation: Output

def latent_dirichlet_allocation(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    topics: int | Parameter = 5,
    size: int | Parameter = 2,
    normalize: bool | Parameter = True,
    show_all: bool | Parameter = False,
    rho: float | Parameter = 0.01,
    alpha: float | Parameter = 0.01,
    documents: int | Parameter = 1000,
    batch: int | Parameter = 32,
    start: int | Parameter = 0,
    power: float | Parameter = 0.5,
    iterations: int | Parameter = 25,
    build: bool | Parameter = True,
    dictionary: int | Parameter = 20000,
    bits: int | Parameter = 12,
    build_prior: bool | Parameter = True,
    dictionary_prior: int | Parameter = 20000,
    bits_prior: int | Parameter = 12,
    seed: int | Parameter = 0,
) -> _LatentDirichletAllocation:
    """Fit a topic model to texts, and compute the topic proportions of each row.

    Inputs:
        dataset: data

    Settings:
        columns: The text columns.
        topics: Number of topics.
        size: Maximum length of an n-gram.
        normalize: Normalize the weights of each topic in the feature topic matrix to sum to 1.
        show_all: Show advanced settings; otherwise their defaults apply.
        rho: Prior of the topic-word distribution: smaller values give topics with fewer terms.
        alpha: Prior of the document-topic distribution: smaller values give documents with fewer topics.
        documents: Estimated total number of documents, for online learning.
        batch: Number of documents per mini-batch.
        start: Learning offset: larger values downweight early batches.
        power: Learning decay: how fast the weight of later batches decreases.
        iterations: Number of passes over all documents.
        build: Build a vocabulary of the most frequent terms; otherwise terms are hashed, and the matrix cannot name them.
        dictionary: Maximum number of terms.
        bits: Number of hash bits; terms are hashed to 2 to this power columns.
        build_prior: Build a vocabulary of the most frequent terms; otherwise terms are hashed, and the matrix cannot name them.
        dictionary_prior: Maximum number of terms.
        bits_prior: Number of hash bits; terms are hashed to 2 to this power columns.
        seed: The same seed gives the same topics.

    Outputs:
        transformed_dataset: data
        feature_topic_matrix: data
        lda_transformation: transformation
    """

class _LinearRegression(Step):
    untrained_model: Output

def linear_regression(
    *,
    solution_method: Literal["Ordinary Least Squares", "Online Gradient Descent"] | Parameter = "Ordinary Least Squares",
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    l2_regularization_weight: float | Parameter = 0.001,
    include_intercept_term: bool | Parameter = True,
    learning_rate: float | Parameter = 0.1,
    number_of_training_epochs: int | Parameter = 10,
    normalize_features: bool | Parameter = True,
    decrease_learning_rate: bool | Parameter = True,
    range_for_learning_rate: str | Parameter = "0.025; 0.05; 0.1; 0.2",
    range_for_number_of_training_epochs: str | Parameter = "1; 10; 100",
    range_for_l2_regularization_weight: str | Parameter = "0.001; 0.01; 0.1",
    random_number_seed: int | None | Parameter = None,
) -> _LinearRegression:
    """Predict a number with a linear model.

    Settings:
        solution_method: Closed-form solution, or stochastic gradient descent.
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        l2_regularization_weight: Strength of the L2 penalty on the weights. Stabilizes the solution if features are collinear.
        include_intercept_term: Fit an intercept. Off: the prediction for all zeros is 0, and numbers are not scaled.
        learning_rate: Initial learning rate.
        number_of_training_epochs: Number of passes over the training rows (epochs).
        normalize_features: Scale numbers to 0..1 first. Gradient descent rarely converges without scaling.
        decrease_learning_rate: Decrease the learning rate over time.
        range_for_learning_rate: Values to try, separated by semicolons.
        range_for_number_of_training_epochs: Values to try, separated by semicolons.
        range_for_l2_regularization_weight: Values to try, separated by semicolons.
        random_number_seed: The same seed gives the same model. Empty means 0.

    Outputs:
        untrained_model: untrained model
    """

class _MulticlassBoostedDecisionTree(Step):
    untrained_model: Output

def multiclass_boosted_decision_tree(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    maximum_number_of_leaves_per_tree: int | Parameter = 20,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 10,
    learning_rate: float | Parameter = 0.2,
    total_number_of_trees_constructed: int | Parameter = 100,
    random_number_seed: int | None | Parameter = 42,
    range_for_maximum_number_of_leaves_per_tree: str | Parameter = "2; 8; 32; 128",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 10; 50",
    range_for_learning_rate: str | Parameter = "0.025; 0.05; 0.1; 0.2; 0.4",
    range_for_total_number_of_trees_constructed: str | Parameter = "20; 100; 500",
) -> _MulticlassBoostedDecisionTree:
    """Predict one of several classes with gradient-boosted trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        maximum_number_of_leaves_per_tree: Maximum number of leaves per tree. More leaves fit the data more closely and overfit sooner.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        learning_rate: Learning rate: the shrinkage of each tree. Smaller rates need more trees and often generalize better.
        total_number_of_trees_constructed: Number of trees to build in sequence.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_maximum_number_of_leaves_per_tree: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_total_number_of_trees_constructed: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _MulticlassDecisionForest(Step):
    untrained_model: Output

def multiclass_decision_forest(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    resampling_method: Literal["Bagging Resampling", "Replicate Resampling"] | Parameter = "Bagging Resampling",
    number_of_decision_trees: int | Parameter = 8,
    maximum_depth_of_the_decision_trees: int | Parameter = 32,
    number_of_random_splits_per_node: int | Parameter = 128,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 1,
    random_number_seed: int | None | Parameter = 0,
    range_for_number_of_decision_trees: str | Parameter = "1; 8; 32",
    range_for_maximum_depth_of_the_decision_trees: str | Parameter = "1; 16; 64",
    range_for_number_of_random_splits_per_node: str | Parameter = "1; 128; 1024",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 4; 16",
) -> _MulticlassDecisionForest:
    """Predict one of several classes with a forest of decision trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        resampling_method: Bagging trains each tree on a bootstrap sample; Replicate trains every tree on all rows with random splits.
        number_of_decision_trees: Number of trees to average.
        maximum_depth_of_the_decision_trees: Maximum depth of a tree.
        number_of_random_splits_per_node: Number of prepared features drawn at random as candidates for each split.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_number_of_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_depth_of_the_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_random_splits_per_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _MulticlassLogisticRegression(Step):
    untrained_model: Output

def multiclass_logistic_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    optimization_tolerance: float | Parameter = 1e-07,
    l1_regularization_weight: float | Parameter = 1.0,
    l2_regularization_weight: float | Parameter = 1.0,
    random_number_seed: int | None | Parameter = None,
    range_for_optimization_tolerance: str | Parameter = "0.0001; 1e-07",
    range_for_l1_regularization_weight: str | Parameter = "1",
    range_for_l2_regularization_weight: str | Parameter = "0.01; 0.1; 1; 10",
) -> _MulticlassLogisticRegression:
    """Predict one of several classes with a multinomial linear model.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        optimization_tolerance: Stop when the gradient falls below this tolerance.
        l1_regularization_weight: Strength of the L1 penalty, which drives weights to exactly 0. Used only if the L2 weight is 0: as in the original, L2 takes precedence if both are set.
        l2_regularization_weight: Strength of the L2 penalty on the weights.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_optimization_tolerance: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l1_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l2_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _MulticlassNaiveBayes(Step):
    untrained_model: Output

def multiclass_naive_bayes(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    variance_smoothing: float | Parameter = 1e-09,
    range_for_variance_smoothing: str | Parameter = "1e-09; 1e-06; 0.001",
) -> _MulticlassNaiveBayes:
    """Predict one of several classes assuming independent, normally distributed features within each class.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        variance_smoothing: Variance smoothing: fraction of the largest variance added to all variances, so that none is 0.
        range_for_variance_smoothing: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _MulticlassNeuralNetwork(Step):
    untrained_model: Output

def multiclass_neural_network(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    hidden_layer_specification: Literal["Fully-connected case"] | Parameter = "Fully-connected case",
    number_of_hidden_nodes: str | Parameter = "100",
    the_learning_rate: float | Parameter = 0.1,
    number_of_learning_iterations: int | Parameter = 100,
    the_initial_learning_weights_diameter: float | Parameter = 0.1,
    the_momentum: float | Parameter = 0.0,
    shuffle_examples: bool | Parameter = True,
    random_number_seed: int | None | Parameter = None,
    range_for_the_learning_rate: str | Parameter = "0.01; 0.02; 0.1",
    range_for_number_of_learning_iterations: str | Parameter = "20; 40; 80; 160",
    range_for_the_initial_learning_weights_diameter: str | Parameter = "0.1",
    range_for_the_momentum: str | Parameter = "0",
) -> _MulticlassNeuralNetwork:
    """Predict one of several classes with a neural network.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        hidden_layer_specification: Layers are fully connected.
        number_of_hidden_nodes: Size of the hidden layer; comma-separated sizes define several layers.
        the_learning_rate: Learning rate: the step size of each update.
        number_of_learning_iterations: Maximum number of passes over the training rows (epochs); training stops early once the loss no longer improves.
        the_initial_learning_weights_diameter: Kept for compatibility with pipelines of the original. scikit-learn derives the initial weights from the layer sizes and ignores this value.
        the_momentum: Momentum: the fraction of the previous update added to the next.
        shuffle_examples: Shuffle the rows in each epoch.
        random_number_seed: The same seed gives the same network. Empty means 0.
        range_for_the_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_learning_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_initial_learning_weights_diameter: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_momentum: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _MultipleImputation(Step):
    cleaned_dataset: Output
    imputation_transformation: Output

def multiple_imputation(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    rounds: int | Parameter = 10,
    tolerance: float | Parameter = 0.001,
    initial: Literal["Mean", "Median", "Most frequent"] | Parameter = "Mean",
    clip: bool | Parameter = False,
) -> _MultipleImputation:
    """Fill missing numbers with predictions from the other columns of the row.

    Inputs:
        dataset: data

    Settings:
        columns: The numeric columns to fill, which also predict each other; by default all numeric features.
        rounds: Maximum number of rounds over all columns.
        tolerance: Stop when no cell changes by more than this fraction of the largest absolute value in the table.
        initial: Initial value of missing cells.
        clip: Clip filled values to the observed range of the column.

    Outputs:
        cleaned_dataset: data
        imputation_transformation: transformation
    """

class _NeuralNetworkRegression(Step):
    untrained_model: Output

def neural_network_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    hidden_layer_specification: Literal["Fully-connected case"] | Parameter = "Fully-connected case",
    number_of_hidden_nodes: str | Parameter = "100",
    the_learning_rate: float | Parameter = 0.005,
    number_of_learning_iterations: int | Parameter = 100,
    the_initial_learning_weights_diameter: float | Parameter = 0.1,
    the_momentum: float | Parameter = 0.0,
    shuffle_examples: bool | Parameter = True,
    random_number_seed: int | None | Parameter = None,
    range_for_the_learning_rate: str | Parameter = "0.005; 0.01; 0.02",
    range_for_number_of_learning_iterations: str | Parameter = "20; 40; 80; 160",
    range_for_the_initial_learning_weights_diameter: str | Parameter = "0.1",
    range_for_the_momentum: str | Parameter = "0",
) -> _NeuralNetworkRegression:
    """Predict a number with a neural network.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        hidden_layer_specification: Layers are fully connected.
        number_of_hidden_nodes: Size of the hidden layer; comma-separated sizes define several layers.
        the_learning_rate: Learning rate: the step size of each update.
        number_of_learning_iterations: Maximum number of passes over the training rows (epochs); training stops early once the loss no longer improves.
        the_initial_learning_weights_diameter: Kept for compatibility with pipelines of the original. scikit-learn derives the initial weights from the layer sizes and ignores this value.
        the_momentum: Momentum: the fraction of the previous update added to the next.
        shuffle_examples: Shuffle the rows in each epoch.
        random_number_seed: The same seed gives the same network. Empty means 0.
        range_for_the_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_learning_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_initial_learning_weights_diameter: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_momentum: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _NormalizeData(Step):
    transformed_dataset: Output
    transformation_function: Output

def normalize_data(
    dataset: Wire,
    *,
    method: Literal["ZScore", "MinMax", "Logistic", "LogNormal", "TanH", "Quantile"] | Parameter = "ZScore",
    zero_for_constant: bool | Parameter = True,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
) -> _NormalizeData:
    """Scale numeric columns to a common range.

    Inputs:
        dataset: data

    Settings:
        method: The scaling method.
        zero_for_constant: Set constant columns to 0; otherwise they become missing.
        columns: The numeric columns to scale.

    Outputs:
        transformed_dataset: data
        transformation_function: transformation
    """

class _OneClassSupportVectorMachine(Step):
    untrained_model: Output

def one_class_support_vector_machine(
    *,
    nu: float | Parameter = 0.1,
    kernel_width: Literal["Scale", "Auto"] | Parameter = "Scale",
    share_of_abnormal_rows: float | Parameter = 0.05,
) -> _OneClassSupportVectorMachine:
    """Detect anomalies outside a smooth boundary around the training rows.

    Settings:
        nu: Upper bound on the share of training rows outside the boundary.
        kernel_width: Kernel coefficient: scaled by the variance of the prepared features, or by their number.
        share_of_abnormal_rows: Sets the threshold: this share of the training rows scores above it.

    Outputs:
        untrained_model: untrained model
    """

class _OneVsAllMulticlass(Step):
    untrained_model: Output

def one_vs_all_multiclass(
    untrained_binary_classification_model: Wire,
) -> _OneVsAllMulticlass:
    """Predict one of several classes with one two-class model per class (one-vs-rest).

    Inputs:
        untrained_binary_classification_model: untrained model

    Outputs:
        untrained_model: untrained model
    """

class _OneVsOneMulticlass(Step):
    untrained_model: Output

def one_vs_one_multiclass(
    untrained_binary_classification_model: Wire,
) -> _OneVsOneMulticlass:
    """Predict one of several classes with one two-class model per pair of classes (one-vs-one).

    Inputs:
        untrained_binary_classification_model: untrained model

    Outputs:
        untrained_model: untrained model
    """

class _OnnxModel(Step):
    scored_dataset: Output

def onnx_model(
    dataset: Wire,
    *,
    file: str | Parameter = "",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    score_rows_with_missing_numbers: bool | Parameter = False,
    time_limit_in_seconds: int | Parameter = 60,
    append_score_columns_to_output: bool | Parameter = True,
) -> _OnnxModel:
    """Score a dataset with an ONNX model from any tool.

    Inputs:
        dataset: data

    Settings:
        file: The file.
        columns: The columns for a model whose only input is not named like a column, in this order.
        score_rows_with_missing_numbers: Pass missing numbers to the model as NaN, if it supports them. Off: rows with a missing number in an input column stay unscored.
        time_limit_in_seconds: Time limit for the model.
        append_score_columns_to_output: Keep the columns of the dataset before the scores.

    Outputs:
        scored_dataset: data
    """

class _OrdinalRegression(Step):
    untrained_model: Output

def ordinal_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    l2_regularization_weight: float | Parameter = 1.0,
    optimization_tolerance: float | Parameter = 1e-07,
    range_for_l2_regularization_weight: str | Parameter = "0.01; 0.1; 1; 10",
) -> _OrdinalRegression:
    """Predict one of several ordered classes, such as ratings.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        l2_regularization_weight: Strength of the L2 penalty on the weights.
        optimization_tolerance: Stop when the gradient falls below this tolerance.
        range_for_l2_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _PartialDependence(Step):
    partial_dependence: Output

def partial_dependence(
    trained_model: Wire,
    dataset: Wire,
    *,
    features: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    number_of_values: int | Parameter = 20,
) -> _PartialDependence:
    """Show how a model's mean prediction depends on one column.

    Inputs:
        trained_model: trained model
        dataset: data

    Settings:
        features: The columns to examine; those that are not features of the model are skipped.
        number_of_values: Maximum number of values to try per numeric column.

    Outputs:
        partial_dependence: data
    """

class _PartitionAndSample(Step):
    odataset: Output

def partition_and_sample(
    dataset: Wire,
    *,
    mode: Literal["Assign to Folds", "Pick Fold", "Sampling", "Head"] | Parameter = "Sampling",
    replacement: bool | Parameter = False,
    randomized: bool | Parameter = True,
    seed: int | Parameter = 0,
    method: Literal["Partition evenly", "Partition with customized proportions"] | Parameter = "Partition evenly",
    folds: int | Parameter = 5,
    stratified: bool | Parameter = False,
    key: str | Parameter = "",
    proportions: str | Parameter = "",
    custom_stratified: bool | Parameter = False,
    custom_key: str | Parameter = "",
    fold: int | Parameter = 1,
    complement: bool | Parameter = False,
    rate: float | Parameter = 0.01,
    sample_seed: int | Parameter = 0,
    sample_stratified: bool | Parameter = False,
    sample_key: str | Parameter = "",
    rows: int | Parameter = 10,
) -> _PartitionAndSample:
    """Take a sample of the rows, the first rows, or assign rows to folds and pick one.

    Inputs:
        dataset: data

    Settings:
        mode: What to take.
        replacement: Draw rows with replacement before assigning them.
        randomized: Shuffle the rows before assigning them.
        seed: The same seed gives the same folds.
        method: Folds of equal size, or of custom proportions.
        folds: Number of folds.
        stratified: Stratify: assign the rows of each value of a column separately.
        key: The column to stratify by.
        proportions: The fraction of each fold, like 0.5, 0.3; the rest makes a last fold.
        custom_stratified: Stratify: assign the rows of each value of a column separately.
        custom_key: The column to stratify by.
        fold: The fold to take, counted from 1.
        complement: Take all other folds instead.
        rate: The fraction of the rows to take.
        sample_seed: The same seed gives the same rows.
        sample_stratified: Stratify: take the fraction within each value of a column.
        sample_key: The column to stratify by.
        rows: Number of rows to take; a smaller table is taken whole.

    Outputs:
        odataset: data
    """

class _PcaBasedAnomalyDetection(Step):
    untrained_model: Output

def pca_based_anomaly_detection(
    *,
    training_mode: Literal["SingleParameter"] | Parameter = "SingleParameter",
    number_of_components_to_use_in_pca: int | Parameter = 2,
    oversampling_parameter_for_randomized_pca: int | Parameter = 2,
    enable_input_feature_mean_normalization: bool | Parameter = True,
    share_of_abnormal_rows: float | Parameter = 0.05,
) -> _PcaBasedAnomalyDetection:
    """Detect anomalies by their reconstruction error under PCA.

    Settings:
        training_mode: The detector is trained with the values set here.
        number_of_components_to_use_in_pca: Number of principal components that model normal rows; fewer than the prepared features.
        oversampling_parameter_for_randomized_pca: Number of extra random vectors in the randomized SVD; more give a more accurate decomposition.
        enable_input_feature_mean_normalization: Center the features on their mean before the decomposition.
        share_of_abnormal_rows: Sets the threshold: this share of the training rows scores above it.

    Outputs:
        untrained_model: untrained model
    """

class _PermutationFeatureImportance(Step):
    feature_importance: Output

def permutation_feature_importance(
    trained_model: Wire,
    test_data: Wire,
    *,
    seed: int | Parameter = 0,
    metric: Literal["Classification - Accuracy", "Classification - Precision", "Classification - Recall", "Regression - Mean Absolute Error", "Regression - Root Mean Squared Error", "Regression - Relative Absolute Error", "Regression - Relative Squared Error", "Regression - Coefficient of Determination"] | Parameter = "Classification - Accuracy",
) -> _PermutationFeatureImportance:
    """Measure how much worse a trained model predicts when one feature is shuffled.

    Inputs:
        trained_model: trained model
        test_data: data

    Settings:
        seed: The same seed gives the same shuffles.
        metric: The metric to compare.

    Outputs:
        feature_importance: data
    """

class _Pivot(Step):
    results_dataset: Output

def pivot(
    dataset: Wire,
    *,
    rows: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    column: str | Parameter = "",
    values: str | Parameter = "",
    function: Literal["sum", "mean", "median", "min", "max", "std", "var", "count", "distinct", "missing", "first", "last", "mode"] | Parameter = "mean",
) -> _Pivot:
    """Turn the values of a column into columns filled with aggregates.

    Inputs:
        dataset: data

    Settings:
        rows: The columns that identify rows; none makes one row.
        column: The column whose values become columns.
        values: The column whose cells fill the new columns.
        function: The aggregate of a cell with several rows.

    Outputs:
        results_dataset: data
    """

class _PoissonRegression(Step):
    untrained_model: Output

def poisson_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    optimization_tolerance: float | Parameter = 1e-07,
    l1_regularization_weight: float | Parameter = 1.0,
    l2_regularization_weight: float | Parameter = 1.0,
    memory_size_for_l_bfgs: int | Parameter = 20,
    random_number_seed: int | None | Parameter = None,
    range_for_optimization_tolerance: str | Parameter = "0.0001; 1e-07",
    range_for_l1_regularization_weight: str | Parameter = "1",
    range_for_l2_regularization_weight: str | Parameter = "0.01; 0.1; 1",
    range_for_memory_size_for_l_bfgs: str | Parameter = "20",
) -> _PoissonRegression:
    """Predict a count with a log-linear model.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        optimization_tolerance: Stop when the gradient falls below this tolerance.
        l1_regularization_weight: Kept for compatibility with pipelines of the original. scikit-learn's Poisson regression has an L2 penalty only.
        l2_regularization_weight: Strength of the L2 penalty on the weights.
        memory_size_for_l_bfgs: Kept for compatibility with pipelines of the original. scikit-learn's solver always keeps the last 10 steps; the optimum is the same.
        random_number_seed: Kept for compatibility with pipelines of the original; the solver is deterministic.
        range_for_optimization_tolerance: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l1_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l2_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_memory_size_for_l_bfgs: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _PreprocessText(Step):
    results_dataset: Output

def preprocess_text(
    dataset: Wire,
    stop_words: Wire | None | bool | Parameter = ...,
    *,
    language: Literal["English"] | Parameter = "English",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    contractions: bool | Parameter = True,
    lemmas: bool | Parameter = True,
    sentences: bool | Parameter = True,
    lower: bool | Parameter = True,
    numbers: bool | Parameter = True,
    special: bool | Parameter = True,
    repeats: bool | Parameter = True,
    emails: bool | Parameter = True,
    urls: bool | Parameter = True,
    backslashes: bool | Parameter = True,
    split: bool | Parameter = True,
    pattern: str | Parameter = "",
    replacement: str | Parameter = "",
) -> _PreprocessText:
    """Clean English text: remove noise and normalize words.

    Inputs:
        dataset: data
        stop_words: data, optional

    Settings:
        language: The language of the text.
        columns: The text columns to clean.
        contractions: Expand contractions such as isn't.
        stop_words: Remove frequent words such as the.
        lemmas: Replace words by their lemma.
        sentences: Separate sentences by |||, so that n-grams do not cross them.
        lower: Convert to lower case.
        numbers: Remove numeric words.
        special: Remove characters other than letters and digits.
        repeats: Shorten characters repeated more than twice to two.
        emails: Remove e-mail addresses.
        urls: Remove URLs starting with http, https, ftp or www.
        backslashes: Turn backslashes into slashes.
        split: Split words at characters such as & and -.
        pattern: A Python regular expression to replace before all other steps.
        replacement: The replacement for matches of the expression.

    Outputs:
        results_dataset: data
    """

class _PrincipalComponentAnalysis(Step):
    results_dataset: Output
    pca_transformation: Output

def principal_component_analysis(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    count: int | Parameter = 2,
    scale: bool | Parameter = False,
    keep: bool | Parameter = False,
) -> _PrincipalComponentAnalysis:
    """Replace numeric columns by fewer columns that keep as much of their variance as possible.

    Inputs:
        dataset: data

    Settings:
        columns: The numeric columns to reduce; by default all numeric features.
        count: Number of new columns.
        scale: Divide each column by its standard deviation first, so that units do not matter.
        keep: Keep the selected columns in the table.

    Outputs:
        results_dataset: data
        pca_transformation: transformation
    """

class _ReadTable(Step):
    output_data: Output

def read_table(
    folder: Wire,
    *,
    path: str | Parameter = "",
    format: Literal["By file name", "CSV", "TSV", "Excel", "JSON Lines", "Parquet"] | Parameter = "By file name",
    separator: Literal["Comma", "Semicolon", "Tab", "Pipe", "Space"] | Parameter = "Comma",
    encoding: Literal["UTF-8", "UTF-16", "Windows-1252", "ISO-8859-1"] | Parameter = "UTF-8",
    header: bool | Parameter = True,
    skip_rows: int | Parameter = 0,
    missing_values: str | Parameter = "",
    decimal_mark: Literal["Point", "Comma"] | Parameter = "Point",
    thousands_mark: Literal["None", "Comma", "Point", "Blank", "Apostrophe"] | Parameter = "None",
    fill_up_short_rows: bool | Parameter = False,
    number_duplicates: bool | Parameter = False,
    date_order: Literal["Infer", "Day first", "Month first"] | Parameter = "Infer",
    sheet: str | Parameter = "",
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
) -> _ReadTable:
    """Read a table from a file, or from several files of a folder.

    Inputs:
        folder: folder

    Settings:
        path: A file of the folder, or a pattern like `*.csv`; empty for the only table in it.
        format: The format of the file.
        separator: The separator of a CSV file.
        encoding: The encoding of a text file.
        header: Whether the first row holds the names of the columns.
        skip_rows: Number of rows to skip above the header or the data.
        missing_values: Values to read as missing, separated by commas; an empty cell always is.
        decimal_mark: The decimal separator in a text file.
        thousands_mark: The thousands separator in a text file: with a point, `2.500` is 2500.
        fill_up_short_rows: Whether a row of a text file may have fewer cells than the header; absent cells are missing.
        number_duplicates: Whether to rename a duplicate column to `name_2` instead of rejecting the file.
        date_order: Whether the day or the month comes first in dates like 03.04.2023; *Infer* takes it from the values of a column.
        sheet: The sheet of an Excel workbook; empty for the first.
        columns: The columns to read.

    Outputs:
        output_data: data
    """

class _RemoveDuplicateRows(Step):
    results_dataset: Output

def remove_duplicate_rows(
    dataset: Wire,
    *,
    keys: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    keep_first: bool | Parameter = True,
) -> _RemoveDuplicateRows:
    """Keep one row per combination of key values.

    Inputs:
        dataset: data

    Settings:
        keys: The key columns that identify duplicates.
        keep_first: Keep the first duplicate; otherwise the last.

    Outputs:
        results_dataset: data
    """

class _ReplaceDiscreteValues(Step):
    supplemented_dataset: Output
    transformation_function: Output

def replace_discrete_values(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    reference: str | Parameter = "",
    keep: bool | Parameter = False,
) -> _ReplaceDiscreteValues:
    """Replace the values of a column by statistics of a second column: class probabilities, or mean and deviation.

    Inputs:
        dataset: data

    Settings:
        columns: The text or categorical columns to encode.
        reference: The second column, whose statistics replace the values.
        keep: Keep the replaced columns in the table.

    Outputs:
        supplemented_dataset: data
        transformation_function: transformation
    """

class _ReplaceText(Step):
    results_dataset: Output

def replace_text(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    mode: Literal["Regular expression", "Plain text", "Whole cell"] | Parameter = "Regular expression",
    find: str | Parameter = "",
    replacement: str | Parameter = "",
    ignore_case: bool | Parameter = False,
) -> _ReplaceText:
    """Find and replace in text columns.

    Inputs:
        dataset: data

    Settings:
        columns: The text columns to search.
        mode: The type of the search text.
        find: The expression or the text to find.
        replacement: The replacement; empty deletes matches.
        ignore_case: Ignore case.

    Outputs:
        results_dataset: data
    """

class _SampleRows(Step):
    results_dataset: Output

def sample_rows(
    dataset: Wire,
    *,
    mode: Literal["Share of rows", "Number of rows", "First rows", "Last rows"] | Parameter = "Share of rows",
    share: float | Parameter = 0.1,
    count: int | Parameter = 100,
    with_replacement: bool | Parameter = False,
    weights: str | Parameter = "",
    strata: str | Parameter = "",
    seed: int | Parameter = 0,
) -> _SampleRows:
    """Take some rows: a random fraction or number, or the first or last ones.

    Inputs:
        dataset: data

    Settings:
        mode: How to choose rows.
        share: The fraction of the rows to take.
        count: The number of rows to take; with strata, from each stratum.
        with_replacement: Sample with replacement.
        weights: A numeric column of sampling weights: larger weights are drawn more often.
        strata: A column to stratify by: the same fraction or number is taken of each value.
        seed: The same seed draws the same rows.

    Outputs:
        results_dataset: data
    """

class _SavedModel(Step):
    trained_model: Output

def saved_model(
    *,
    name: str | Parameter = "",
    artifact: str | Parameter = "",
) -> _SavedModel:
    """A trained model, pinned by its digest.

    Settings:
        name: The name of the model.
        artifact: The digest of the stored model.

    Outputs:
        trained_model: trained model
    """

class _SavedTransformation(Step):
    transformation: Output

def saved_transformation(
    *,
    name: str | Parameter = "",
    artifact: str | Parameter = "",
) -> _SavedTransformation:
    """A fitted transformation, pinned by its digest.

    Settings:
        name: The name of the transformation.
        artifact: The digest of the stored transformation.

    Outputs:
        transformation: transformation
    """

class _ScoreModel(Step):
    scored_dataset: Output

def score_model(
    trained_model: Wire,
    dataset: Wire,
    *,
    append_score_columns_to_output: bool | Parameter = True,
) -> _ScoreModel:
    """Predict with a trained classification, regression or anomaly detection model.

    Inputs:
        trained_model: trained model
        dataset: data

    Settings:
        append_score_columns_to_output: Keep the columns of the dataset before the scores.

    Outputs:
        scored_dataset: data
    """

class _ScoreSvdRecommender(Step):
    scored_dataset: Output

def score_svd_recommender(
    trained_svd_recommendation: Wire,
    dataset_to_score: Wire,
    training_data: Wire | None = ...,
    *,
    recommender_prediction_kind: Literal["Rating Prediction", "Item Recommendation"] | Parameter = "Rating Prediction",
    recommended_item_selection: Literal["From All Items", "From Rated Items (for model evaluation)", "From Unrated Items (to suggest new items to users)"] | Parameter = "From Rated Items (for model evaluation)",
    minimum_size_of_the_recommendation_pool_for_a_single_user: int | Parameter = 2,
    maximum_number_of_items_to_recommend_to_a_user: int | Parameter = 5,
    whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels: bool | Parameter = False,
) -> _ScoreSvdRecommender:
    """Predict ratings, or recommend items to users.

    Inputs:
        trained_svd_recommendation: trained model
        dataset_to_score: data
        training_data: data, optional

    Settings:
        recommender_prediction_kind: What to predict.
        recommended_item_selection: The candidate items.
        minimum_size_of_the_recommendation_pool_for_a_single_user: Minimum number of candidates per user; users with fewer are left out.
        maximum_number_of_items_to_recommend_to_a_user: Maximum number of items per user.
        whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels: Add a column Rating 1, Rating 2, ... after each item.

    Outputs:
        scored_dataset: data
    """

class _SelectColumnsInDataset(Step):
    results_dataset: Output

def select_columns_in_dataset(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
) -> _SelectColumnsInDataset:
    """Keep some columns of a table and drop the others.

    Inputs:
        dataset: data

    Settings:
        columns: The columns to keep.

    Outputs:
        results_dataset: data
    """

class _SelectColumnsTransform(Step):
    columns_selection_transformation: Output

def select_columns_transform(
    dataset: Wire,
) -> _SelectColumnsTransform:
    """Store the columns of a table as a transformation.

    Inputs:
        dataset: data

    Outputs:
        columns_selection_transformation: transformation
    """

class _Smote(Step):
    table: Output

def smote(
    samples: Wire,
    *,
    label: str | Parameter = "",
    percentage: int | Parameter = 100,
    neighbors: int | Parameter = 1,
    seed: int | Parameter = 0,
) -> _Smote:
    """Oversample the minority of two classes with synthetic rows.

    Inputs:
        samples: data

    Settings:
        label: The column with the two classes.
        percentage: Number of rows to add per 100 minority rows: a multiple of 100.
        neighbors: Number of nearest minority neighbours to interpolate with.
        seed: The same seed gives the same rows.

    Outputs:
        table: data
    """

class _Sort(Step):
    results_dataset: Output

def sort(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    order: Literal["Ascending", "Descending"] | Parameter = "Ascending",
    missing: Literal["Last", "First"] | Parameter = "Last",
) -> _Sort:
    """Sort the rows by one or several columns.

    Inputs:
        dataset: data

    Settings:
        columns: The sort keys, in the order of selection.
        order: Smallest first, or largest first.
        missing: Where to put rows with a missing key.

    Outputs:
        results_dataset: data
    """

class _SplineFeatures(Step):
    transformed_dataset: Output
    transformation_function: Output

def spline_features(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    knots: int | Parameter = 5,
    degree: int | Parameter = 3,
    placement: Literal["Quantiles", "Equal distances"] | Parameter = "Quantiles",
    outside: Literal["Constant", "Straight line"] | Parameter = "Constant",
    keep: bool | Parameter = False,
) -> _SplineFeatures:
    """Replace numbers by smooth bumps, so that a linear model can follow a curve.

    Inputs:
        dataset: data

    Settings:
        columns: The numeric columns to replace.
        knots: Places where the pieces of the curve meet, both ends included.
        degree: The degree of the pieces: 1 for straight lines, 3 for smooth curves.
        placement: Where the knots lie.
        outside: The values of the splines below the first and above the last knot.
        keep: Append the splines instead of putting them in the place of their column.

    Outputs:
        transformed_dataset: data
        transformation_function: transformation
    """

class _SplitData(Step):
    results_dataset1: Output
    results_dataset2: Output

def split_data(
    dataset: Wire,
    *,
    mode: Literal["Split Rows", "Regular Expression", "Relative Expression"] | Parameter = "Split Rows",
    fraction: float | Parameter = 0.5,
    randomized: bool | Parameter = True,
    seed: int | Parameter = 0,
    stratified: bool | Parameter = False,
    key: str | Parameter = "",
    together: str | Parameter = "",
    pattern: str | Parameter = '\\"column name" ^start',
    relation: str | Parameter = '\\"column name" > 3',
) -> _SplitData:
    """Divide the rows of a table into two tables.

    Inputs:
        dataset: data

    Settings:
        mode: Split by count, or by a condition on a column.
        fraction: Fraction of the rows for the first table.
        randomized: Shuffle the rows first.
        seed: The same seed gives the same rows.
        stratified: Stratify: keep the distribution of a column's values in both tables.
        key: The column to stratify by.
        together: Keep rows with the same value of this column, such as a customer, on one side. Empty: split each row independently.
        pattern: A column and the pattern its text must match.
        relation: A column and the comparisons its cells must satisfy.

    Outputs:
        results_dataset1: data
        results_dataset2: data
    """

class _StackingEnsemble(Step):
    untrained_model: Output

def stacking_ensemble(
    untrained_model_1: Wire,
    untrained_model_2: Wire,
    untrained_model_3: Wire | None = ...,
    untrained_model_4: Wire | None = ...,
) -> _StackingEnsemble:
    """Combine several learners with a linear model trained on their predictions.

    Inputs:
        untrained_model_1: untrained model
        untrained_model_2: untrained model
        untrained_model_3: untrained model, optional
        untrained_model_4: untrained model, optional

    Outputs:
        untrained_model: untrained model
    """

class _SummarizeData(Step):
    results_dataset: Output

def summarize_data(
    dataset: Wire,
) -> _SummarizeData:
    """Report counts, extremes, averages, spread and quantiles of every column.

    Inputs:
        dataset: data

    Outputs:
        results_dataset: data
    """

class _TTest(Step):
    results_dataset: Output

def t_test(
    dataset: Wire,
    *,
    test: Literal["One sample", "Paired samples", "Two columns", "Two groups of a column"] | Parameter = "One sample",
    first: str | Parameter = "",
    second: str | Parameter = "",
    group: str | Parameter = "",
    mean: float | Parameter = 0.0,
    equal_variances: bool | Parameter = False,
    alternative: Literal["Two-tailed", "Greater", "Less"] | Parameter = "Two-tailed",
    level: float | Parameter = 0.95,
) -> _TTest:
    """Test whether a mean differs significantly from a number, or two means from each other.

    Inputs:
        dataset: data

    Settings:
        test: The kind of test.
        first: A numeric column.
        second: The numeric column to compare it with.
        group: A column with two values that define the groups.
        mean: The mean, or the difference of means, under the null hypothesis.
        equal_variances: Use Student's test with the pooled variance instead of Welch's.
        alternative: The alternative hypothesis: the mean is different, greater or less.
        level: The confidence level of the interval.

    Outputs:
        results_dataset: data
    """

class _TargetEncoding(Step):
    results_dataset: Output
    target_encoding_transformation: Output

def target_encoding(
    dataset: Wire,
    *,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    target: str | Parameter = "",
    smoothing: Literal["Automatic", "Fixed"] | Parameter = "Automatic",
    weight: float | Parameter = 10.0,
    folds: int | Parameter = 5,
    seed: int | Parameter = 0,
) -> _TargetEncoding:
    """Replace each value of a text or categorical column by the mean of the target in the rows that have it.

    Inputs:
        dataset: data

    Settings:
        columns: The text or categorical columns to encode.
        target: The target column.
        smoothing: How the mean of a rare value is shrunk towards the overall mean.
        weight: Weight of the overall mean, as a number of rows of the value.
        folds: Number of folds for cross-fitting; each fold is encoded by the others.
        seed: The same seed gives the same folds.

    Outputs:
        results_dataset: data
        target_encoding_transformation: transformation
    """

class _TimeFeatures(Step):
    results_dataset: Output

def time_features(
    dataset: Wire,
    *,
    time: str | Parameter = "",
    year: bool | Parameter = True,
    quarter: bool | Parameter = False,
    month: bool | Parameter = True,
    iso_year: bool | Parameter = False,
    week: bool | Parameter = False,
    day: bool | Parameter = True,
    day_of_year: bool | Parameter = False,
    weekday: bool | Parameter = True,
    weekend: bool | Parameter = False,
    hour: bool | Parameter = True,
    minute: bool | Parameter = False,
    second: bool | Parameter = False,
    cycles: bool | Parameter = False,
    values: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    lags: str | Parameter = "1",
    windows: str | Parameter = "",
    function: Literal["mean", "sum", "min", "max", "std", "median"] | Parameter = "mean",
    current: bool | Parameter = False,
    series: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
) -> _TimeFeatures:
    """Add calendar parts, lags and moving statistics to rows with a time.

    Inputs:
        dataset: data

    Settings:
        time: The column of dates and times.
        year: Add the year.
        quarter: Add the quarter, 1 to 4.
        month: Add the month, 1 to 12.
        iso_year: Add the year the week belongs to: 2019 for Monday, 31 December 2018, whose week is the first of 2019.
        week: Add the ISO 8601 week, 1 to 53; around New Year it may belong to the previous or next year, see *ISO year*.
        day: Add the day of the month, 1 to 31.
        day_of_year: Add the day of the year, 1 to 366.
        weekday: Add the day of the week, 1 for Monday to 7 for Sunday.
        weekend: Add whether it is Saturday or Sunday.
        hour: Add the hour, 0 to 23.
        minute: Add the minute, 0 to 59.
        second: Add the second, 0 to 59.
        cycles: Add sine and cosine columns for each chosen month, day of year, weekday, hour and minute.
        values: The numeric columns for lags and windows.
        lags: The lags in rows, separated by commas; empty for none.
        windows: The window lengths in rows, separated by commas; empty for none.
        function: The moving statistic.
        current: Include the row itself as the last of its window.
        series: Rows with equal values in these columns form one series.

    Outputs:
        results_dataset: data
    """

class _TimeSeriesSplit(Step):
    results_dataset1: Output
    results_dataset2: Output

def time_series_split(
    dataset: Wire,
    *,
    time: str | Parameter = "",
    mode: Literal["Share of rows", "Moment", "Fold"] | Parameter = "Share of rows",
    share: float | Parameter = 0.75,
    moment: str | Parameter = "",
    folds: int | Parameter = 5,
    fold: int | Parameter = 5,
    gap: int | Parameter = 0,
) -> _TimeSeriesSplit:
    """Split rows by time: earlier rows for training, later ones for testing.

    Inputs:
        dataset: data

    Settings:
        time: The column of dates, or of numbers that increase with time.
        mode: How to choose the split point.
        share: Fraction of the rows for the first dataset.
        moment: A date like 2024-06-30 or 2024-06-30 12:00, or a number if the time column is numeric.
        folds: Number of walk-forward folds.
        fold: The fold to return.
        gap: Number of rows to drop from the end of the first dataset.

    Outputs:
        results_dataset1: data
        results_dataset2: data
    """

class _TrainAnomalyDetectionModel(Step):
    trained_model: Output

def train_anomaly_detection_model(
    untrained_model: Wire,
    dataset: Wire,
) -> _TrainAnomalyDetectionModel:
    """Train an anomaly detector on rows that are mostly normal.

    Inputs:
        untrained_model: untrained model
        dataset: data

    Outputs:
        trained_model: trained model
    """

class _TrainClusteringModel(Step):
    trained_model: Output
    results_dataset: Output

def train_clustering_model(
    untrained_model: Wire,
    dataset: Wire,
    *,
    column_set: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    check_for_append_or_uncheck_for_result_only: bool | Parameter = True,
) -> _TrainClusteringModel:
    """Train a clustering learner and assign the training rows to its clusters.

    Inputs:
        untrained_model: untrained model
        dataset: data

    Settings:
        column_set: The columns to cluster by.
        check_for_append_or_uncheck_for_result_only: Keep the columns of the dataset before the assignments.

    Outputs:
        trained_model: trained model
        results_dataset: data
    """

class _TrainModel(Step):
    trained_model: Output

def train_model(
    untrained_model: Wire,
    dataset: Wire,
    *,
    label_column: str | Parameter = "",
    positive_class: str | Parameter = "",
    model_explanations: bool | Parameter = False,
) -> _TrainModel:
    """Train a classification or regression learner on a dataset.

    Inputs:
        untrained_model: untrained model
        dataset: data

    Settings:
        label_column: The column to predict. Empty: the column with the role Label.
        positive_class: The positive class of a two-class label, such as Churned. Empty: chosen automatically.
        model_explanations: Whether to add permutation importance to the report. Takes longer.

    Outputs:
        trained_model: trained model
    """

class _TrainSvdRecommender(Step):
    trained_svd_recommender: Output

def train_svd_recommender(
    training_dataset_of_user_item_rating_triples: Wire,
    *,
    number_of_factors: int | Parameter = 200,
    number_of_recommendation_algorithm_iterations: int | Parameter = 30,
    learning_rate: float | Parameter = 0.005,
    random_number_seed: int | Parameter = 0,
) -> _TrainSvdRecommender:
    """Train a recommender on ratings by matrix factorization.

    Inputs:
        training_dataset_of_user_item_rating_triples: data

    Settings:
        number_of_factors: Number of latent factors.
        number_of_recommendation_algorithm_iterations: Number of passes over the ratings (epochs).
        learning_rate: Learning rate: the step size of each update.
        random_number_seed: The same seed gives the same model.

    Outputs:
        trained_svd_recommender: trained model
    """

class _TuneModelHyperparameters(Step):
    sweep_results: Output
    trained_best_model: Output

def tune_model_hyperparameters(
    untrained_model: Wire,
    training_dataset: Wire,
    optional_validation_dataset: Wire | None = ...,
    *,
    specify_parameter_sweeping_mode: Literal["Entire grid", "Random sweep", "Bayesian sweep"] | Parameter = "Random sweep",
    maximum_number_of_runs_on_random_sweep: int | Parameter = 5,
    number_of_trials: int | Parameter = 30,
    seconds: float | Parameter = 0.0,
    trials_without_improvement: int | Parameter = 0,
    at_once: int | Parameter = 1,
    sampling_algorithm: Literal["TPE", "CMA-ES", "QMC", "Random"] | Parameter = "TPE",
    early_termination_policy: Literal["None", "Bandit", "Median stopping", "Truncation selection", "Successive halving", "Hyperband"] | Parameter = "Median stopping",
    slack_factor: float | Parameter = 0.1,
    slack_amount: float | Parameter = 0.0,
    truncation_percentage: int | Parameter = 20,
    reduction_factor: int | Parameter = 2,
    evaluation_interval: int | Parameter = 1,
    delay_evaluation: int | Parameter = 0,
    nested_folds: int | Parameter = 0,
    random_seed: int | Parameter = 0,
    label_column: str | Parameter = "",
    positive_class: str | Parameter = "",
    metric_for_measuring_performance_for_classification: Literal["Accuracy", "Precision", "Recall", "F-score", "AUC", "Average Log Loss"] | Parameter = "Accuracy",
    metric_for_measuring_performance_for_regression: Literal["Mean absolute error", "Root of mean squared error", "Relative absolute error", "Relative squared error", "Coefficient of determination"] | Parameter = "Mean absolute error",
) -> _TuneModelHyperparameters:
    """Search the hyperparameters of a learner and train the best on all rows.

    Inputs:
        untrained_model: untrained model
        training_dataset: data
        optional_validation_dataset: data, optional

    Settings:
        specify_parameter_sweeping_mode: Grid search over all combinations, random search, or a search that learns from its trials.
        maximum_number_of_runs_on_random_sweep: Number of random combinations.
        number_of_trials: The most settings that are tried.
        seconds: The search ends after this time with the best so far; 0 for no limit.
        trials_without_improvement: The search ends when so many trials in a row were no better; 0 for no limit.
        at_once: How many trials run at a time. Only one at a time gives the same trials again.
        sampling_algorithm: How settings are drawn: by the densities of good and bad ones (TPE), by an evolution strategy for numbers (CMA-ES), evenly (QMC), or at random.
        early_termination_policy: When a trial is stopped after some folds. Bandit: it is worse than the best by more than the slack. Median stopping: it is worse than the median of the others. Truncation selection: it is among the lowest. Successive halving and Hyperband: it is not among the best at growing numbers of folds.
        slack_factor: The slack as a share: 0.1 stops an AUC below the best divided by 1.1.
        slack_amount: The slack as an amount; set the slack factor to 0 to use it.
        truncation_percentage: The percentage of the lowest trials that is stopped.
        reduction_factor: One of so many trials goes on.
        evaluation_interval: The policy judges after every so many folds.
        delay_evaluation: The policy does not judge before so many folds.
        nested_folds: The outer folds of an honest estimate: each is scored by the best of a search of its own on the other rows. 0 for none; each costs a search.
        random_seed: The same seed gives the same combinations and folds. An entire grid uses the folds of seed 0.
        label_column: The column to predict. Empty: the column with the role Label.
        positive_class: The positive class of a two-class label, such as Churned. Empty: chosen automatically, as in Train Model.
        metric_for_measuring_performance_for_classification: The metric that selects the best classifier.
        metric_for_measuring_performance_for_regression: The metric that selects the best regression model.

    Outputs:
        sweep_results: data
        trained_best_model: trained model
    """

class _TwoClassAveragedPerceptron(Step):
    untrained_model: Output

def two_class_averaged_perceptron(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    learning_rate: float | Parameter = 1.0,
    maximum_number_of_iterations: int | Parameter = 10,
    random_number_seed: int | None | Parameter = None,
    range_for_learning_rate: str | Parameter = "0.1; 0.5; 1",
    range_for_maximum_number_of_iterations: str | Parameter = "1; 10",
) -> _TwoClassAveragedPerceptron:
    """Predict one of two classes with an averaged perceptron.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        learning_rate: Learning rate: the step size of each update.
        maximum_number_of_iterations: Number of passes over the training rows (epochs).
        random_number_seed: The same seed shuffles the rows identically. Empty means 0.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_number_of_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassBoostedDecisionTree(Step):
    untrained_model: Output

def two_class_boosted_decision_tree(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    maximum_number_of_leaves_per_tree: int | Parameter = 20,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 10,
    learning_rate: float | Parameter = 0.2,
    total_number_of_trees_constructed: int | Parameter = 100,
    random_number_seed: int | None | Parameter = 0,
    range_for_maximum_number_of_leaves_per_tree: str | Parameter = "2; 8; 32; 128",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 10; 50",
    range_for_learning_rate: str | Parameter = "0.025; 0.05; 0.1; 0.2; 0.4",
    range_for_total_number_of_trees_constructed: str | Parameter = "20; 100; 500",
) -> _TwoClassBoostedDecisionTree:
    """Predict one of two classes with gradient-boosted trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        maximum_number_of_leaves_per_tree: Maximum number of leaves per tree. More leaves fit the data more closely and overfit sooner.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        learning_rate: Learning rate: the shrinkage of each tree. Smaller rates need more trees and often generalize better.
        total_number_of_trees_constructed: Number of trees to build in sequence.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_maximum_number_of_leaves_per_tree: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_total_number_of_trees_constructed: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassDecisionForest(Step):
    untrained_model: Output

def two_class_decision_forest(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    resampling_method: Literal["Bagging Resampling", "Replicate Resampling"] | Parameter = "Bagging Resampling",
    number_of_decision_trees: int | Parameter = 8,
    maximum_depth_of_the_decision_trees: int | Parameter = 32,
    number_of_random_splits_per_node: int | Parameter = 128,
    minimum_number_of_samples_per_leaf_node: int | Parameter = 1,
    random_number_seed: int | None | Parameter = 0,
    range_for_number_of_decision_trees: str | Parameter = "1; 8; 32",
    range_for_maximum_depth_of_the_decision_trees: str | Parameter = "1; 16; 64",
    range_for_number_of_random_splits_per_node: str | Parameter = "1; 128; 1024",
    range_for_minimum_number_of_samples_per_leaf_node: str | Parameter = "1; 4; 16",
) -> _TwoClassDecisionForest:
    """Predict one of two classes with a forest of decision trees.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        resampling_method: Bagging trains each tree on a bootstrap sample; Replicate trains every tree on all rows with random splits.
        number_of_decision_trees: Number of trees to average.
        maximum_depth_of_the_decision_trees: Maximum depth of a tree.
        number_of_random_splits_per_node: Number of prepared features drawn at random as candidates for each split.
        minimum_number_of_samples_per_leaf_node: Minimum number of training rows per leaf.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_number_of_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_maximum_depth_of_the_decision_trees: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_random_splits_per_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_minimum_number_of_samples_per_leaf_node: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassLogisticRegression(Step):
    untrained_model: Output

def two_class_logistic_regression(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    optimization_tolerance: float | Parameter = 1e-07,
    l1_regularization_weight: float | Parameter = 1.0,
    l2_regularization_weight: float | Parameter = 1.0,
    memory_size_for_l_bfgs: int | Parameter = 20,
    random_number_seed: int | None | Parameter = None,
    range_for_optimization_tolerance: str | Parameter = "0.0001; 1e-07",
    range_for_l1_regularization_weight: str | Parameter = "1",
    range_for_l2_regularization_weight: str | Parameter = "0.01; 0.1; 1; 10",
    range_for_memory_size_for_l_bfgs: str | Parameter = "20",
) -> _TwoClassLogisticRegression:
    """Predict one of two classes with a linear model of the log-odds.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        optimization_tolerance: Stop when the gradient falls below this tolerance.
        l1_regularization_weight: Strength of the L1 penalty, which drives weights to exactly 0. Used only if the L2 weight is 0: as in the original, L2 takes precedence if both are set.
        l2_regularization_weight: Strength of the L2 penalty on the weights.
        memory_size_for_l_bfgs: Kept for compatibility with pipelines of the original. scikit-learn's solver always keeps the last 10 steps; the optimum is the same.
        random_number_seed: The same seed gives the same model. Empty means 0.
        range_for_optimization_tolerance: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l1_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_l2_regularization_weight: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_memory_size_for_l_bfgs: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassNaiveBayes(Step):
    untrained_model: Output

def two_class_naive_bayes(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    variance_smoothing: float | Parameter = 1e-09,
    range_for_variance_smoothing: str | Parameter = "1e-09; 1e-06; 0.001",
) -> _TwoClassNaiveBayes:
    """Predict one of two classes assuming independent, normally distributed features within each class.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        variance_smoothing: Variance smoothing: fraction of the largest variance added to all variances, so that none is 0.
        range_for_variance_smoothing: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassNeuralNetwork(Step):
    untrained_model: Output

def two_class_neural_network(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    hidden_layer_specification: Literal["Fully-connected case"] | Parameter = "Fully-connected case",
    number_of_hidden_nodes: str | Parameter = "100",
    the_learning_rate: float | Parameter = 0.1,
    number_of_learning_iterations: int | Parameter = 100,
    the_initial_learning_weights_diameter: float | Parameter = 0.1,
    the_momentum: float | Parameter = 0.0,
    shuffle_examples: bool | Parameter = True,
    random_number_seed: int | None | Parameter = None,
    range_for_the_learning_rate: str | Parameter = "0.01; 0.02; 0.1",
    range_for_number_of_learning_iterations: str | Parameter = "20; 40; 80; 160",
    range_for_the_initial_learning_weights_diameter: str | Parameter = "0.1",
    range_for_the_momentum: str | Parameter = "0",
) -> _TwoClassNeuralNetwork:
    """Predict one of two classes with a neural network.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        hidden_layer_specification: Layers are fully connected.
        number_of_hidden_nodes: Size of the hidden layer; comma-separated sizes define several layers.
        the_learning_rate: Learning rate: the step size of each update.
        number_of_learning_iterations: Maximum number of passes over the training rows (epochs); training stops early once the loss no longer improves.
        the_initial_learning_weights_diameter: Kept for compatibility with pipelines of the original. scikit-learn derives the initial weights from the layer sizes and ignores this value.
        the_momentum: Momentum: the fraction of the previous update added to the next.
        shuffle_examples: Shuffle the rows in each epoch.
        random_number_seed: The same seed gives the same network. Empty means 0.
        range_for_the_learning_rate: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_number_of_learning_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_initial_learning_weights_diameter: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_the_momentum: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _TwoClassSupportVectorMachine(Step):
    untrained_model: Output

def two_class_support_vector_machine(
    *,
    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] | Parameter = "SingleParameter",
    number_of_iterations: int | Parameter = 1,
    lambda_: float | Parameter = 0.001,
    normalize_features: bool | Parameter = True,
    project_to_the_unit_sphere: bool | Parameter = False,
    random_number_seed: int | None | Parameter = None,
    range_for_number_of_iterations: str | Parameter = "1; 10; 100",
    range_for_lambda_: str | Parameter = "1e-05; 0.0001; 0.001; 0.01; 0.1",
) -> _TwoClassSupportVectorMachine:
    """Predict one of two classes with a maximum-margin linear model.

    Settings:
        create_trainer_mode: Train with the values set here, or let Tune Model Hyperparameters try a range of each.
        number_of_iterations: Number of passes over the training rows (epochs).
        lambda_: Strength of the L2 penalty on the weights.
        normalize_features: Standardize the prepared features (zero mean, unit variance) first.
        project_to_the_unit_sphere: Scale each row to unit norm first.
        random_number_seed: The same seed shuffles the rows identically. Empty means 0.
        range_for_number_of_iterations: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.
        range_for_lambda_: Values to try, separated by semicolons, or a range like 0.01 .. 1 log.

    Outputs:
        untrained_model: untrained model
    """

class _Unpivot(Step):
    results_dataset: Output

def unpivot(
    dataset: Wire,
    *,
    keep: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    columns: Columns | Sequence[str] | Mapping[str, Any] | Parameter = ...,
    name: str | Parameter = "Variable",
    value: str | Parameter = "Value",
    drop_missing: bool | Parameter = False,
) -> _Unpivot:
    """Turn columns into rows: each cell of the chosen columns becomes a row with the column's name and the value.

    Inputs:
        dataset: data

    Settings:
        keep: The columns to repeat for each value.
        columns: The columns to turn into rows.
        name: The new column for the names of the unpivoted columns.
        value: The new column for their values.
        drop_missing: Skip missing cells.

    Outputs:
        results_dataset: data
    """

class _VotingEnsemble(Step):
    untrained_model: Output

def voting_ensemble(
    untrained_model_1: Wire,
    untrained_model_2: Wire,
    untrained_model_3: Wire | None = ...,
    untrained_model_4: Wire | None = ...,
    *,
    weights: str | Parameter = "",
) -> _VotingEnsemble:
    """Average the predictions of several learners.

    Inputs:
        untrained_model_1: untrained model
        untrained_model_2: untrained model
        untrained_model_3: untrained model, optional
        untrained_model_4: untrained model, optional

    Settings:
        weights: The weight of each learner in the order of the ports, such as 2, 1, 1; empty for equal ones.

    Outputs:
        untrained_model: untrained model
    """

class _WebServiceInput(Step):
    web_service_input_data: Output

def web_service_input(
    *,
    name: str | Parameter = "WebServiceInput0",
    columns: Any | Parameter = ...,
    examples: Any | Parameter = ...,
) -> _WebServiceInput:
    """Entry point for the rows of a request.

    Settings:
        name: The name of these rows in a request.
        columns: The columns of a request: name, kind, role and known categories.
        examples: Example rows of a request.

    Outputs:
        web_service_input_data: data
    """

class _WebServiceOutput(Step):
    ...

def web_service_output(
    dataset: Wire,
    *,
    name: str | Parameter = "WebServiceOutput0",
) -> _WebServiceOutput:
    """Exit point for the rows of a response.

    Inputs:
        dataset: data

    Settings:
        name: The name of these rows in the response.
    """
