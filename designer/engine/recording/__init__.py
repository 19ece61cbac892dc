"""The record of a run: its nodes, their progress and metrics."""
