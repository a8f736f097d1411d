"""The use cases: plain arguments in, data out, progress to a protocol handed in. No terminal, no HTTP, no printing."""
