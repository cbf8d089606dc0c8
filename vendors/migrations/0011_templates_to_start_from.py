"""What services are usually measured by, so that a state need not begin with empty pages; the CIO's office edits it."""

from django.db import migrations

SHARE = {"unit": "%", "direction": "higher", "aggregation": "ratio", "cadence": "monthly"}
TEMPLATES = (
    {
        "code": "availability",
        "name": "Availability",
        "description": "How much of the agreed service time the service could be used: minutes available of minutes agreed.",
        "dimension": "service_quality",
        "figures": ("99", "99.9", "99.99"),
        "indicator": SHARE,
    },
    {
        "code": "incident-response",
        "name": "Incident response",
        "description": "Which share of incidents somebody took up within the agreed time: incidents in time of all incidents.",
        "dimension": "service_quality",
        "figures": ("80", "95", "99"),
        "indicator": SHARE,
    },
    {
        "code": "incident-resolution",
        "name": "Incident resolution",
        "description": "Which share of incidents was resolved within the agreed time: incidents in time of all incidents.",
        "dimension": "service_quality",
        "figures": ("75", "90", "97"),
        "indicator": SHARE,
    },
    {
        "code": "request-fulfilment",
        "name": "Request fulfilment",
        "description": "Which share of service requests was fulfilled within the agreed time: requests in time of all requests.",
        "dimension": "service_quality",
        "figures": ("80", "95", "99"),
        "indicator": SHARE,
    },
    {
        "code": "satisfaction",
        "name": "Satisfaction",
        "description": "How people who use the service rate it, on average, from 1 (very dissatisfied) to 5 (very satisfied).",
        "dimension": "relationship",
        "figures": ("3", "4", "4.5"),
        "indicator": {"unit": "points", "direction": "higher", "aggregation": "mean", "cadence": "quarterly"},
    },
)


def create_templates(apps, schema_editor):
    indicators = apps.get_model("metrics", "Indicator").objects
    templates = apps.get_model("vendors", "ServiceLevelTemplate").objects
    for template in TEMPLATES:
        facts = {"name": template["name"], "description": template["description"], **template["indicator"]}
        indicator, is_new = indicators.get_or_create(code=template["code"], defaults=facts)
        if not is_new and indicator.direction != "higher":
            continue
        floor, target, stretch = template["figures"]
        templates.create(
            code=template["code"],
            name=template["name"],
            description=template["description"],
            indicator=indicator,
            dimension=template["dimension"],
            floor=floor,
            target=target,
            stretch=stretch,
        )


def remove_templates(apps, schema_editor):
    apps.get_model("vendors", "ServiceLevelTemplate").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("vendors", "0010_service_level_templates"), ("metrics", "0009_editions_in_use")]
    operations = [migrations.RunPython(create_templates, remove_templates)]
