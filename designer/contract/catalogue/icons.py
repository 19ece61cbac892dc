"""The icon names that a module may use; `ui/canvas/cards/icons.jsx` draws them (Lucide, ISC licence)."""

# fmt: off
ICONS = frozenset({
    "arrow-down-up", "arrow-right-left", "axis-3d", "binary", "blend", "book-open", "boxes", "calendar-clock",
    "chart-column", "chart-line", "chart-scatter", "code", "columns-3", "combine", "copy", "database", "database-zap",
    "dices", "dumbbell", "eraser", "file-input", "file-output", "file-text", "funnel", "grid-3x3", "group", "hash",
    "image", "keyboard", "layers", "list-checks", "log-in", "log-out", "merge", "minus", "network", "package",
    "replace", "rows-3", "ruler", "scale", "scissors", "shield-alert", "shuffle", "sigma", "sliders-horizontal",
    "spline", "split", "table-2", "tag", "target", "text-cursor-input", "thumbs-up", "trending-up", "wand-2",
    "waypoints",
})
# fmt: on
