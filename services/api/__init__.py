"""The HTTP door: JSON in, commands to casework, rows of the read models out. `create_app` is in app.py."""
