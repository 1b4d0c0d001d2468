"""For everybody, without an account: the household's door by its receipt, and the notice board."""
