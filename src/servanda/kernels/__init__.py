"""The loops: compiled functions on arrays, named as the problems they serve."""
