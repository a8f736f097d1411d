"""The database: engine, models, schema and its migrations, triggers, backup."""
