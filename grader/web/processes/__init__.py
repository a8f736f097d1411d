"""The portal's processes: the supervisor, web processes, the dispatcher of gradings, and background jobs."""
