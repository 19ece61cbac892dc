"""What a page says of work that failed."""

import logging
import secrets

from designer.contract.errors import DesignerError


def in_words(error: Exception) -> str:
    """Our own errors as a sentence; of any other only the number it is logged under: it may hold data or paths."""
    if isinstance(error, DesignerError):
        said = str(error)
        return said[:1].upper() + said[1:]
    number = secrets.token_hex(4)
    logging.getLogger("designer.ui").error("work failed, number %s", number, exc_info=error)
    return f"That did not work. The log says why under number {number}."
