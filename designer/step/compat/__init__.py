"""Packages that programs written for other services import; each is a face of `designer.step`."""
