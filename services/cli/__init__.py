"""The command line `huiyin`: `commands.py` joins the commands, one file per kind; `app.py` is where a call begins."""
