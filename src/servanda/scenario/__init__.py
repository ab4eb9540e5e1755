"""What was said: frozen, named, sourced values; knows neither arrays nor a screen."""
