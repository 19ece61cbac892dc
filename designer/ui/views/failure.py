"""What a page says of work that failed, and how a message becomes a sentence."""

import logging
import secrets

from designer.contract.errors import DesignerError


def in_words(error: Exception) -> str:
    """Our own errors as a sentence; of any other only the number it is logged under: it may hold data or paths."""
    if isinstance(error, DesignerError):
        return in_sentence(str(error), error.place.file)
    number = secrets.token_hex(4)
    logging.getLogger("designer.ui").error("work failed, number %s", number, exc_info=error)
    return f"That did not work. The log says why under number {number}."


def in_sentence(text: str, file: str | None = None) -> str:
    """A message as a sentence; the name of a file that it begins with is left as it is."""
    return text if file and text.startswith(file) else text[:1].upper() + text[1:]
