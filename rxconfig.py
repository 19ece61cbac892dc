"""Reflex settings. Reflex reads this file from the folder in which the front end is built and served."""

import reflex as rx

from designer.ui.http.origin import SameOrigin
from designer.ui.theme import radix

config = rx.Config(
    app_name="designer",
    app_module_import="designer.ui.app",
    backend_host="127.0.0.1",
    cors_allowed_origins=(),
    default_color_mode="system",
    plugins=[rx.plugins.RadixThemesPlugin(theme=radix()), SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    react_strict_mode=False,
    show_built_with_reflex=False,
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
)
