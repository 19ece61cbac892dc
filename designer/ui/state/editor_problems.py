"""What a problem says where its place is seen: on a card, under a field, beside the name of a node."""

from designer.pipeline.check import Problem


def said(problem: Problem) -> str:
    """The finding without the name of its node."""
    return _capital(problem.error.finding("module"))


def said_at_field(problem: Problem) -> str:
    """Finding and remedy without the names of node and field; of a field left empty, only what would do."""
    if problem.lacks and problem.remedy:
        return problem.remedy
    return f"{_capital(problem.error.finding('module', 'parameter'))} {problem.remedy}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
