"""The rules of exercises without one right answer, by lesson: what an answer must be, and no answer."""
