"""Lesson 12: its exercises with right answers, hidden cases and known mistakes."""
