"""One chart per file: a result in, an Altair chart out."""
