"""Programs as steps: their folder, their environment, how they are started and what they give back."""
