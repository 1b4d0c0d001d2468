"""Real input: a file of an earlier system becomes issues, through the same commands that people send.

`huiyin import` calls `run_import`; a map file (services/importing/map_file.py) says which column means what.
"""
