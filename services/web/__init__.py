"""Pages for people with a browser: clients of the JSON API, in the same process (README.md here)."""
