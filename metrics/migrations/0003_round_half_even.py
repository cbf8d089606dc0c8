"""How figures are rounded when they are stored: 9 decimals, half to even (scoring method, §6)."""

from django.db import migrations

# PostgreSQL's round() goes away from zero at a half; that is one step too far where the ninth decimal is even.
CREATE = """
    CREATE FUNCTION round_half_even(figure numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(figure, 9)
        - CASE WHEN abs(mod(figure * 1000000000, 2)) = 0.5 THEN sign(figure) * 0.000000001 ELSE 0 END;
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0002_direction_follows_indicator")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION round_half_even(numeric)")]
