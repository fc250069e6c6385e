"""The runnable server: every package wired together, the command line and the demo."""
