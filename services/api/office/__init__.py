"""The office's work over HTTP: commands to issues and what can be looked up; households; the organisation."""
