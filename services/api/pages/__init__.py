"""Pages for people who come with a browser, and what all pages share."""
