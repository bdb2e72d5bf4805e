"""Numbers as such: tables, bars, curves; and the course's road map."""
