"""Photos and papers: known by content, made over without what is not seen in them, sealed, kept, checked."""
