"""One question per file: check, call a kernel, return a result."""
