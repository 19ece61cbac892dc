"""Format metric names for display; documents keep the names from Evaluate Model."""


def metric_title(name: str) -> str:
    """A metric in words: `Mean_Absolute_Error` is Mean absolute error."""
    words = name.replace("_", " ")
    return words[:1] + words[1:].lower() if "_" in name else words
