"""Bring programs in: snapshots of their folders, and their interfaces."""
