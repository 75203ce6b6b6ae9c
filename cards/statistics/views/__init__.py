"""The pages of the statistics: by training, by group, by person. For owners and editors."""
