"""What keeps the portal safe: sessions, sign-in, tokens against forged requests, limits on size and rate, headers."""
