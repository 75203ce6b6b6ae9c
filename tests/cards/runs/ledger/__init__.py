"""An app of the tests: kinds of runs whose every effect leaves a trace, so that one done twice is seen."""
