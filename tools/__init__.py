"""What keeps the house in order: recipes of the Makefile that are longer than a line."""
