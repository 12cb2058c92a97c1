# generated from specs/ by Stepsmith; do not edit
"""Generated optimizers. Each folder is for one array library and is loaded on its own; schedules serve all."""
