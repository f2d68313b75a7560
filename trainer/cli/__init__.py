"""The command line, for whoever runs the installation; `./run cli` calls it."""
