"""The portal's security: sessions, sign-in, tokens against forged requests, limits on size and rate, headers."""
