"""What a page says of work that failed."""

import logging
import secrets

from designer.contract.errors import DesignerError


def in_words(error: Exception) -> str:
    """Our own errors as they are; of any other only the number it is logged under: it may hold data or paths."""
    if isinstance(error, DesignerError):
        return str(error)
    number = secrets.token_hex(4)
    logging.getLogger("designer.ui").error("work failed, number %s", number, exc_info=error)
    return f"That did not work. The log says why under number {number}."
