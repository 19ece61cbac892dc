"""Where a sentence ends."""

STOPS = (".", "?", "!")


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends like a sentence."""
    return text if text.endswith(STOPS) else f"{text}."
