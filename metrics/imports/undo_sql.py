"""Taking back what an import did, each step in one statement over all of its measurements."""

# Those that still are as the import left them, locked in the order in which imports write.
TAKE = """
    DROP TABLE IF EXISTS pg_temp.undo_row;
    CREATE TEMP TABLE undo_row ON COMMIT DROP AS
    SELECT measurement.id, done.version_found
    FROM metrics_importedmeasurement AS done
    JOIN metrics_measurement AS measurement
        ON measurement.id = done.measurement_id AND measurement.version = done.version_left
    WHERE done.owner_id = %(owner)s
    ORDER BY measurement.series_id, measurement.observed_on, measurement.reference
    FOR UPDATE OF measurement;
    ANALYZE undo_row;
"""

REMOVE = """
    DELETE FROM metrics_measurement AS measurement USING undo_row AS taken
    WHERE measurement.id = taken.id AND taken.version_found IS NULL
"""

# The history keeps replaced rows as they were.
RESTORE = """
    UPDATE metrics_measurement AS measurement
    SET value = earlier.value, numerator = earlier.numerator, denominator = earlier.denominator,
        comment = earlier.comment, recorded_at = earlier.recorded_at
    FROM undo_row AS taken
    JOIN metrics_measurementevent AS earlier ON earlier.pgh_obj_id = taken.id
        AND earlier.version = taken.version_found AND earlier.pgh_label = 'update'
    WHERE measurement.id = taken.id
"""

# What an earlier import left is as that left it again, and so may be undone in its turn.
PASS_ON = """
    DELETE FROM metrics_importedmeasurement WHERE owner_id = %(owner)s;

    UPDATE metrics_importedmeasurement AS done SET version_left = measurement.version
    FROM undo_row AS taken JOIN metrics_measurement AS measurement ON measurement.id = taken.id
    WHERE done.measurement_id = taken.id AND done.version_left = taken.version_found;
"""
