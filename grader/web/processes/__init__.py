"""The portal's processes: their supervisor, the dispatcher of gradings, background jobs, and how all of them end."""
