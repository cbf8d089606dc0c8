import django.contrib.postgres.indexes
from django.db import migrations

import kernel.searching

# What is longer could not be indexed: PostgreSQL keeps at most 1 MB of words of a row.
SEARCHABLE_WORDS = """
    CREATE FUNCTION searchable_words(VARIADIC texts text[]) RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
        SELECT to_tsvector('pg_catalog.simple'::regconfig, regexp_replace(
            regexp_replace(normalize(left(array_to_string(texts, ' '), 100000), NFKD), '[\\u0300-\\u036f]', '', 'g'),
            '[^[:alnum:]]+', ' ', 'g'
        ))
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_names_and_identifiers")]

    operations = [
        migrations.RunSQL(SEARCHABLE_WORDS, "DROP FUNCTION searchable_words(VARIADIC text[])"),
        migrations.AddIndex(
            model_name="organization",
            index=django.contrib.postgres.indexes.GinIndex(
                kernel.searching.SearchableWords("code", "name"), name="organization_words"
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=django.contrib.postgres.indexes.GinIndex(
                kernel.searching.SearchableWords("name"), name="alias_words"
            ),
        ),
        migrations.AddIndex(
            model_name="identifier",
            index=django.contrib.postgres.indexes.GinIndex(
                kernel.searching.SearchableWords("value"), name="identifier_words"
            ),
        ),
    ]
