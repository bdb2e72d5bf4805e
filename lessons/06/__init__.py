"""Lesson 06: its exercises with right answers, hidden cases and known mistakes."""
