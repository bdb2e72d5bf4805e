"""Lesson 03: its exercises with right answers, hidden cases and known mistakes."""
