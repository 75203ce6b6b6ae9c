"""How pages look: the base template, components, styles, icons. It has no models."""
