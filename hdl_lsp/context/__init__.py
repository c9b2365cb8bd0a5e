"""What a model should see: the place, and pieces of the design around it. Pure; never calls a model."""
