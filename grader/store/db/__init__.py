"""The database itself: engine, models, schema and its migrations, triggers, backup."""
