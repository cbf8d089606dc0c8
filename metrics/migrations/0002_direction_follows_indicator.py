"""Composite foreign keys: a series has its indicator's direction, a target its series' direction."""

from django.db import migrations

FOLLOW = """
    ALTER TABLE metrics_series ADD CONSTRAINT series_follows_indicator
        FOREIGN KEY (indicator_id, direction) REFERENCES metrics_indicator (id, direction) ON UPDATE CASCADE;
    ALTER TABLE metrics_target ADD CONSTRAINT target_follows_series
        FOREIGN KEY (series_id, direction) REFERENCES metrics_series (id, direction) ON UPDATE CASCADE;
"""
FORGET = """
    ALTER TABLE metrics_target DROP CONSTRAINT target_follows_series;
    ALTER TABLE metrics_series DROP CONSTRAINT series_follows_indicator;
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOW, FORGET)]
