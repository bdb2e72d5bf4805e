"""Lesson 09: its exercises with right answers, hidden cases and known mistakes."""
