"""Who is who and where: places, posts, deputies and links, as one stream of events."""
