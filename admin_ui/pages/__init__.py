"""One module per room of the console; each registers its pages with the blueprint."""
