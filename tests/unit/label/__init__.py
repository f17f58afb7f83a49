"""Tests of ``cleaner.label``, module by module."""
