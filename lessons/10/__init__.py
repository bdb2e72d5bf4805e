"""Lesson 10: its exercises with right answers, hidden cases and known mistakes."""
