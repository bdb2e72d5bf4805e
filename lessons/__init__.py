"""What instructors know of each lesson: its exercises' right answers, hidden cases and known mistakes."""
