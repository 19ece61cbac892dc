"""Metrics as they are written for people; documents keep the names that Evaluate Model gives them."""


def metric_title(name: str) -> str:
    """A metric in words: `Mean_Absolute_Error` is Mean absolute error."""
    words = name.replace("_", " ")
    return words[:1] + words[1:].lower() if "_" in name else words
