"""Protocols by which terminals talk to us, one room each; all share the rooms of mdm behind them."""
