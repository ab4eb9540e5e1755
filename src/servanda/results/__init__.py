"""The answers: frozen, labelled, without files or plotting."""
