"""What people are told: the inbox's read marks, and notices sent to where they want them."""
