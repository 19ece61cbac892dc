"""The order of module categories, the same wherever modules are listed: as work with data goes."""

CATEGORIES = (
    "Data Input and Output",
    "Data Transformation",
    "Feature Selection",
    "Statistical Functions",
    "Machine Learning Algorithms",
    "Model Training",
    "Model Scoring & Evaluation",
)
"""Those that come first, in this order; the others follow by name."""


def place_of(category: str) -> tuple[int, str]:
    """Where a category stands; `Machine Learning Algorithms / Regression` stands with its first part."""
    first = category.split(" / ")[0]
    return (CATEGORIES.index(first) if first in CATEGORIES else len(CATEGORIES)), category
