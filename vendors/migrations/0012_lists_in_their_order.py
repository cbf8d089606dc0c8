from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("vendors", "0011_templates_to_start_from")]

    operations = [
        migrations.AddIndex(
            model_name="contract", index=models.Index(Lower("title"), "number", name="contract_by_title")
        ),
        migrations.AddIndex(model_name="service", index=models.Index(Lower("name"), "code", name="service_by_name")),
    ]
