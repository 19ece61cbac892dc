"""The order of module categories wherever modules are listed: that of a data workflow."""

CATEGORIES = (
    "Data Input and Output",
    "Data Transformation",
    "Feature Selection",
    "Statistical Functions",
    "Machine Learning Algorithms",
    "Model Training",
    "Model Scoring & Evaluation",
)
"""These come first, in this order; the others follow by name."""


def place_of(category: str) -> tuple[int, str]:
    """The sort key of a category; `Machine Learning Algorithms / Regression` sorts with its first part."""
    first = category.split(" / ")[0]
    return (CATEGORIES.index(first) if first in CATEGORIES else len(CATEGORIES)), category
