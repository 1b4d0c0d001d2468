"""What comes in is strict and bounded, what goes out is alike: requests, bodies, queries, limits, problems, answers."""
