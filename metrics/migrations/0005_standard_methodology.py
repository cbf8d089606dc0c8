"""A state starts with the scoring method's own defaults (scoring method, §6) and edits from there."""

from django.db import migrations

BANDS = ((0, "Unsatisfactory"), (50, "Marginal"), (70, "Satisfactory"), (85, "Very Good"), (95, "Exceptional"))


def create_standard(apps, schema_editor):
    methodology = apps.get_model("metrics", "Methodology").objects.create(
        code="standard", name="Standard", edition=1, is_default=True
    )
    apps.get_model("metrics", "GradeBand").objects.bulk_create(
        apps.get_model("metrics", "GradeBand")(
            methodology=methodology, position=position, lower_bound=lower_bound, name=name
        )
        for position, (lower_bound, name) in enumerate(BANDS, start=1)
    )


def remove_standard(apps, schema_editor):
    apps.get_model("metrics", "GradeBand").objects.filter(methodology__code="standard").delete()
    apps.get_model("metrics", "Methodology").objects.filter(code="standard").delete()


class Migration(migrations.Migration):
    dependencies = [("metrics", "0004_due_marks")]
    operations = [migrations.RunPython(create_standard, remove_standard)]
