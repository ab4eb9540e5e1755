"""Many draws of the same trip: draws, ensembles, engines, sensitivity."""
