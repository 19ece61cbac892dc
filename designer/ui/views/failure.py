"""Error messages of a page, as sentences."""

import logging
import secrets
from collections.abc import Callable

from designer.contract.errors import DesignerError


def in_words(error: Exception) -> str:
    """A DesignerError as a sentence; for any other, its log number only: its message may hold data or paths."""
    if isinstance(error, DesignerError):
        return in_sentence(str(error), error.place.file)
    number = secrets.token_hex(4)
    logging.getLogger("designer.ui").error("work failed, number %s", number, exc_info=error)
    return f"That did not work. The log says why under number {number}."


def refusal(verb: Callable[[], object]) -> str:
    """Carry out a verb; returns the error that it is refused with as a sentence, empty if it is done."""
    try:
        verb()
    except DesignerError as error:
        return in_words(error)
    return ""


def in_sentence(text: str, file: str | None = None) -> str:
    """A message as a sentence: capitalized, unless it starts with the name of a file."""
    return text if file and text.startswith(file) else text[:1].upper() + text[1:]
