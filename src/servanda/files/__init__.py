"""The only place that opens a file, one module per exchange format."""
