"""Who asks, and how do they come in? Tokens, sessions, passwords and the identity provider."""
