// Module icons on the tint of their category. Also drawn by Reflex: see canvas.py.

import {
  ArrowDownUp, ArrowRightLeft, Axis3d, Binary, Blend, BookOpen, Boxes, CalendarClock, ChartColumn, ChartLine,
  ChartScatter, Code, Columns3, Combine, Copy, Database, DatabaseZap, Dices, Dumbbell, Eraser, FileInput, FileOutput,
  FileText, Funnel, Grid3x3, Group, Hash, Image, Keyboard, Layers, ListChecks, LogIn, LogOut, Merge, Minus, Network,
  Package, PackageX, Replace, Rows3, Ruler, Scale, Scissors, ShieldAlert, Shuffle, Sigma, SlidersHorizontal,
  Spline, Split, Table2, Tag, Target, TextCursorInput, ThumbsUp, TrendingUp, Wand2, Waypoints,
} from "lucide-react";
import { categoryKey } from "../graph/catalogue.js";

// The icon names available to modules: those of `contract/icons.py`.
export const ICONS = {
  "arrow-down-up": ArrowDownUp, "arrow-right-left": ArrowRightLeft, "axis-3d": Axis3d, binary: Binary, blend: Blend,
  "book-open": BookOpen, boxes: Boxes, "calendar-clock": CalendarClock, "chart-column": ChartColumn,
  "chart-line": ChartLine, "chart-scatter": ChartScatter, code: Code, "columns-3": Columns3, combine: Combine,
  copy: Copy, database: Database, "database-zap": DatabaseZap, dices: Dices, dumbbell: Dumbbell, eraser: Eraser,
  "file-input": FileInput, "file-output": FileOutput, "file-text": FileText, funnel: Funnel, "grid-3x3": Grid3x3,
  group: Group, hash: Hash, image: Image, keyboard: Keyboard, layers: Layers, "list-checks": ListChecks,
  "log-in": LogIn, "log-out": LogOut, merge: Merge, minus: Minus, network: Network, package: Package,
  replace: Replace, "rows-3": Rows3, ruler: Ruler, scale: Scale, scissors: Scissors, "shield-alert": ShieldAlert,
  shuffle: Shuffle, sigma: Sigma, "sliders-horizontal": SlidersHorizontal, spline: Spline, split: Split,
  "table-2": Table2, tag: Tag, target: Target, "text-cursor-input": TextCursorInput, "thumbs-up": ThumbsUp,
  "trending-up": TrendingUp, "wand-2": Wand2, waypoints: Waypoints,
};

const CATEGORY_ICONS = {
  data: Database,
  transform: ArrowRightLeft,
  algorithm: Grid3x3,
  train: Dumbbell,
  score: Scale,
  script: Code,
  web: Combine,
};

export function iconOf(icon = "", category = "") {
  if (!category) return PackageX; // not installed
  return ICONS[icon] ?? CATEGORY_ICONS[categoryKey(category)] ?? Boxes;
}

export function ModuleTile({ icon, category, small = false }) {
  const Icon = iconOf(icon, category);
  return (
    <span className={`tile ${small ? "sm" : ""} k-${category ? categoryKey(category) : "script"}`} aria-hidden="true">
      <Icon size={small ? 13 : 16} strokeWidth={1.75} />
    </span>
  );
}
