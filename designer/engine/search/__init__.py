"""Searches: settings are proposed, tried as tasks, and stopped early where they fall behind."""
