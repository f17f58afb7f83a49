"""Tests of cleaner.learn."""
