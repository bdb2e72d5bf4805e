"""Lesson 02: its exercises with right answers, hidden cases and known mistakes."""
