"""Results made into words and charts, and those into HTML or terminal text."""
