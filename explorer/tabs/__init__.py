"""One family a file: layout and thin event handlers that join a model to a stage."""
