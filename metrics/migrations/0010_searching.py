from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from kernel.searching import SearchableWords


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_searching"),
        ("metrics", "0009_editions_in_use"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outcome",
            index=GinIndex(SearchableWords("code", "name", "description"), name="outcome_words"),
        ),
    ]
