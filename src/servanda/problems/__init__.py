"""The mathematical objects: frozen arrays with labels, each opening with its definition."""
