"""Schedules: when they are due, what they watch, and the runs that they queue."""
