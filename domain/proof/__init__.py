"""How is shown that a log was only ever added to? The mathematics and the texts of proofs; pure."""
