// The picture of every module on its category's tint. Also drawn by Reflex: see canvas.py.

import {
  ArrowDownUp, ArrowRightLeft, Axis3d, Binary, Blend, BookOpen, Boxes, CalendarClock, ChartColumn, ChartLine,
  ChartScatter, Code, Columns3, Combine, Copy, Database, DatabaseZap, Dices, Dumbbell, Eraser, FileInput, FileOutput,
  FileText, Funnel, Grid3x3, Group, Hash, Image, Keyboard, Layers, ListChecks, LogIn, LogOut, Merge, Minus, Network,
  Package, Replace, Rows3, Ruler, Scale, ScatterChart, Scissors, ShieldAlert, Shuffle, Sigma, SlidersHorizontal,
  Spline, Split, Table2, Tag, Target, TextCursorInput, ThumbsUp, TrendingUp, Wand2, Waypoints,
} from "lucide-react";
import { categoryKey } from "./catalogue.js";

const ICONS = {
  dataset: Database,
  "enter-data-manually": Keyboard,
  "import-data": FileInput,
  "export-data": FileOutput,
  "saved-model": Package,
  "add-columns": Columns3,
  "add-rows": Rows3,
  "apply-math-operation": Sigma,
  "apply-sql-transformation": DatabaseZap,
  "clean-missing-data": Eraser,
  "clip-values": Scissors,
  "convert-to-csv": FileText,
  "convert-to-dataset": Database,
  "convert-to-indicator-values": Binary,
  "edit-metadata": Tag,
  "group-data-into-bins": ChartColumn,
  "join-data": Merge,
  "normalize-data": Ruler,
  "partition-and-sample": Group,
  "remove-duplicate-rows": Copy,
  smote: Blend,
  "select-columns-in-dataset": Columns3,
  "select-columns-transform": ListChecks,
  "split-data": Split,
  "filter-based-feature-selection": Funnel,
  "permutation-feature-importance": Shuffle,
  "summarize-data": ListChecks,
  "linear-regression": TrendingUp,
  "poisson-regression": TrendingUp,
  "k-means-clustering": ChartScatter,
  "train-model": Dumbbell,
  "train-clustering-model": Dumbbell,
  "tune-model-hyperparameters": SlidersHorizontal,
  "apply-transformation": Wand2,
  "assign-data-to-clusters": ScatterChart,
  "cross-validate-model": Layers,
  "evaluate-model": ChartLine,
  "score-model": Target,
  "execute-python-script": Code,
  "create-python-model": Code,
  "web-service-input": LogIn,
  "web-service-output": LogOut,
};

const PARTS = [
  ["logistic", Spline],
  ["support-vector", Spline],
  ["perceptron", Waypoints],
  ["neural", Waypoints],
  ["tree", Network],
  ["forest", Network],
  ["boosting", Network],
  ["one-vs", Boxes],
  ["ensemble", Layers],
  ["cluster", ChartScatter],
  ["neighbors", ChartScatter],
  ["bayes", Sigma],
  ["baseline", Minus],
  ["regression", TrendingUp],
  ["anomaly", ShieldAlert],
  ["recommend", ThumbsUp],
  ["svd", ThumbsUp],
  ["image", Image],
  ["replace", Replace],
  ["text", TextCursorInput],
  ["word", BookOpen],
  ["dirichlet", BookOpen],
  ["time", CalendarClock],
  ["group", Group],
  ["pivot", Table2],
  ["sort", ArrowDownUp],
  ["sample", Dices],
  ["encoding", Binary],
  ["hashing", Hash],
  ["component", Axis3d],
  ["discriminant", Axis3d],
  ["correlation", Grid3x3],
  ["statistics", Sigma],
  ["t-test", Scale],
  ["imputation", Eraser],
  ["calibrate", Target],
  ["dependence", ChartLine],
  ["onnx", Package],
];

const CATEGORY_ICONS = {
  data: Database,
  transform: ArrowRightLeft,
  algorithm: Grid3x3,
  train: Dumbbell,
  score: Scale,
  script: Code,
  web: Combine,
};

export function iconOf(module = "", category = "") {
  return (
    ICONS[module] ?? PARTS.find(([part]) => module.includes(part))?.[1] ?? CATEGORY_ICONS[categoryKey(category)] ?? Boxes
  );
}

export function ModuleTile({ module, category, small = false }) {
  const Icon = iconOf(module, category);
  return (
    <span className={`tile ${small ? "sm" : ""} k-${categoryKey(category)}`} aria-hidden="true">
      <Icon size={small ? 13 : 16} strokeWidth={1.75} />
    </span>
  );
}
