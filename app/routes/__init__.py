"""One small file per family of routes."""
