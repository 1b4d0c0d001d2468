"""The command line `huiyin`: `app.py` joins the commands; one file per kind of command."""
