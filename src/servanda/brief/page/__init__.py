"""The parts of the page that are not made from results: its frame, its style, its one script."""
