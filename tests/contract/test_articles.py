"""Articles before the names of types and kinds in messages."""

import pytest

from designer.contract.wording.articles import with_article


@pytest.mark.parametrize("noun", ["int", "object", "ndarray", "evaluation", "integer"])
def test_a_noun_that_begins_with_a_vowel_sound_gets_an(noun: str) -> None:
    assert with_article(noun) == f"an {noun}"


@pytest.mark.parametrize("noun", ["str", "DataFrame", "Table", "NoneType"])
def test_other_nouns_get_a(noun: str) -> None:
    assert with_article(noun) == f"a {noun}"
