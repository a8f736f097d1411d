"""Many submissions: judged one by one, in worker processes, or on a cluster."""
