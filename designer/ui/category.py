"""Which colour a module's tile has, by its category: the same rule as on the canvas."""

_KEYS: tuple[tuple[str, str], ...] = (
    ("data input", "data"),
    ("dataset", "data"),
    ("algorithm", "algorithm"),
    ("anomaly", "algorithm"),
    ("recommendation", "algorithm"),
    ("training", "train"),
    ("scor", "score"),
    ("evaluation", "score"),
    ("python", "script"),
    ("r language", "script"),
    ("web service", "web"),
)


def category_key(category: str) -> str:
    """One of data, transform, algorithm, train, score, script, web."""
    lower = category.lower()
    return next((key for part, key in _KEYS if part in lower), "transform")
