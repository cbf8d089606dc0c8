from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from kernel.searching import SearchableWords


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_searching"),
        ("vendors", "0012_lists_in_their_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contract",
            index=GinIndex(SearchableWords("number", "title", "description"), name="contract_words"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=GinIndex(SearchableWords("code", "name", "description"), name="service_words"),
        ),
    ]
