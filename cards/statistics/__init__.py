"""Statistics: how far people have come, how well they answered, when they last completed a training."""
