"""The pages of trainings: learning them, and writing them."""
