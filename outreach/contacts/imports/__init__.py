"""Imports: a file of people is read, mapped, looked at row by row, taken in, and can be undone whole.

Words: import, import row, verdict."""
