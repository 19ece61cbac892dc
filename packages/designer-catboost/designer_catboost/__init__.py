"""CatBoost learners for Designer."""
