"""Finding rows by their words: PostgreSQL's full text search, each from its beginning, by indexes on expressions."""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

MOST_WORDS = 10
ACCENTS = re.compile("[\u0300-\u036f]")
BETWEEN_WORDS = re.compile(r"[\W_]+")


class SearchableWords(Func):
    """The words of some columns, without accents, case and punctuation, so that an index holds them.

    A code such as 005-000000018 or UII.2021 is several words, each of which finds it.
    """

    function = "searchable_words"
    output_field = SearchVectorField()


def words_of(text: str) -> list[str]:
    """The words that somebody typed, as `searchable_words` splits and folds them, at most ten."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()
    return [word for word in BETWEEN_WORDS.split(bare) if word][:MOST_WORDS]


def beginning_with(text: str) -> SearchQuery | None:
    """What finds rows in which every word of `text` begins some word; none where there is no word."""
    words = words_of(text)
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
