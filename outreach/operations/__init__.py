"""The runner's room: set-up, schema, backup, health, and the parent process of one machine."""
